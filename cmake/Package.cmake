# The library door: what another project needs to ask an index from C++ (component `devel`).
# find_package(crawlcard) gives crawlcard::index and the rooms below it, as examples/check_urls has
# it.
# Headers keep their names below include/crawlcard; internal/ stays here, and so do the two headers
# of index/ingest/ that show it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(rooms base warc page robots index)
foreach(room flags ${rooms})
  set_target_properties(crawlcard_${room} PROPERTIES EXPORT_NAME ${room})
  list(APPEND targets crawlcard_${room})
endforeach()
target_include_directories(crawlcard_flags INTERFACE
  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/crawlcard>")

install(TARGETS ${targets} EXPORT crawlcardTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT devel)
install(DIRECTORY ${rooms} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/crawlcard" COMPONENT devel
  FILES_MATCHING PATTERN "*.h"
  PATTERN internal EXCLUDE
  PATTERN row_sink.h EXCLUDE
  PATTERN file_job.h EXCLUDE)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/crawlcard")
install(EXPORT crawlcardTargets NAMESPACE crawlcard:: DESTINATION "${package_dir}" COMPONENT devel)
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/crawlcardConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/crawlcardConfig.cmake" INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/crawlcardConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/crawlcardConfig.cmake"
  "${PROJECT_BINARY_DIR}/crawlcardConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/Cld2.cmake" DESTINATION "${package_dir}" COMPONENT devel)
