# Turns public_suffix_list.dat into a source file with one string, and its SHA-256 into the list's
# version. Sets CRAWLCARD_PSL_SOURCE for the room's CMakeLists.txt.
set(list_file "${CMAKE_CURRENT_LIST_DIR}/public_suffix_list.dat")
set(CRAWLCARD_PSL_SOURCE "${CMAKE_CURRENT_BINARY_DIR}/public_suffix_list.cc")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${list_file}")

file(READ "${list_file}" list_text)
file(SHA256 "${list_file}" list_digest)
string(SUBSTRING "${list_digest}" 0 16 list_digest)
set(list_version "sha256:${list_digest}")
if(list_text MATCHES "// VERSION: ([^\n]+)\n")
  set(list_version "${CMAKE_MATCH_1}")
endif()
file(CONFIGURE OUTPUT "${CRAWLCARD_PSL_SOURCE}" @ONLY CONTENT
"// Generated from page/data/public_suffix_list.dat (MPL-2.0).
#include \"page/internal/public_suffix_list.h\"

namespace crawlcard::page::internal {

const std::string_view kPublicSuffixListVersion = \"@list_version@\";
const std::string_view kPublicSuffixList = R\"LIST(@list_text@)LIST\";

}  // namespace crawlcard::page::internal
")
