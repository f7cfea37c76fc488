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
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers)
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
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto SSL)
find_package(CURL 7.88 REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc data)

# pkg-config only.
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(BROTLIDEC REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

# CLD2 ships neither. libcld2_full holds the tables of all its languages and no function, so the
# linker would drop it; it has to stand before libcld2, whose small tables it replaces.
find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h REQUIRED)
find_library(CLD2_LIBRARY NAMES cld2 REQUIRED)
find_library(CLD2_FULL_LIBRARY NAMES cld2_full REQUIRED)
add_library(CLD2::cld2 INTERFACE IMPORTED)
set_target_properties(CLD2::cld2 PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${CLD2_INCLUDE_DIR}"
  INTERFACE_LINK_LIBRARIES
    "-Wl,--push-state,--no-as-needed;${CLD2_FULL_LIBRARY};${CLD2_LIBRARY};-Wl,--pop-state")
