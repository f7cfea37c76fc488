# CLD2 ships neither CMake nor pkg-config files. libcld2_full holds the tables of all its languages
# and no function, so the linker would drop it; it has to stand before libcld2, whose small tables
# it replaces.
find_library(CLD2_LIBRARY NAMES cld2 REQUIRED)
find_library(CLD2_FULL_LIBRARY NAMES cld2_full REQUIRED)
add_library(CLD2::cld2 INTERFACE IMPORTED)
set_target_properties(CLD2::cld2 PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "${CLD2_INCLUDE_DIR}"
  INTERFACE_LINK_LIBRARIES
    "-Wl,--push-state,--no-as-needed;${CLD2_FULL_LIBRARY};${CLD2_LIBRARY};-Wl,--pop-state")
