# The only place where third-party code is looked up. Packages: tools/install_deps.sh lists them.
# A library enters the house through one room (docs/architecture.md); the room's CMakeLists.txt
# names the target it links.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Packages with CMake configuration files.
find_package(RocksDB 7.8 CONFIG REQUIRED)  # RocksDB::rocksdb is the static archive: use -shared
find_package(simdjson CONFIG REQUIRED)
find_package(zstd CONFIG REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(tl-expected CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(pugixml CONFIG REQUIRED)
if(CRAWLCARD_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  find_package(nlohmann_json CONFIG REQUIRED)
endif()
if(CRAWLCARD_BENCHES)
  find_package(benchmark CONFIG REQUIRED)
endif()

# CMake's own find modules.
find_package(ZLIB REQUIRED)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(ICU 72 REQUIRED COMPONENTS uc data)

# pkg-config only.
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(BROTLIDEC REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

# CLD2 ships neither.
find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h REQUIRED)
find_library(CLD2_LIBRARY NAMES cld2 REQUIRED)
add_library(CLD2::cld2 UNKNOWN IMPORTED)
set_target_properties(CLD2::cld2 PROPERTIES IMPORTED_LOCATION "${CLD2_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${CLD2_INCLUDE_DIR}")
