# The only place where third-party code is looked up. Packages: tools/install_deps.sh lists them.
# A library enters the house through one room (docs/architecture.md); the room's CMakeLists.txt
# names the target it links.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Packages with CMake configuration files.
find_package(RocksDB 7.8 CONFIG REQUIRED)
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
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(XXHASH REQUIRED IMPORTED_TARGET libxxhash)

include(Cld2)

# The archive, since the shared RocksDB costs every start of a command thousands of symbol look-ups
# (docs/decisions/0024-start-up.md). A sanitizer has to tell code that it has not instrumented by
# its module.
if(CRAWLCARD_SANITIZE)
  set(CRAWLCARD_ROCKSDB RocksDB::rocksdb-shared)
else()
  set(CRAWLCARD_ROCKSDB RocksDB::rocksdb)
endif()
