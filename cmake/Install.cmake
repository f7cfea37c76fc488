# What `cmake --install` puts where, and the Debian package of it. The man page and the completions
# come from the command itself, so they are of the version that is installed.
include(GNUInstallDirs)

set(generated "${PROJECT_BINARY_DIR}/generated")
set(texts crawlcard.1 crawlcard.bash _crawlcard crawlcard.fish)
list(TRANSFORM texts PREPEND "${generated}/" OUTPUT_VARIABLE text_paths)
add_custom_command(OUTPUT ${text_paths}
  COMMAND "${CMAKE_COMMAND}" -E make_directory "${generated}"
  COMMAND crawlcard config --man > "${generated}/crawlcard.1"
  COMMAND crawlcard config --completions bash > "${generated}/crawlcard.bash"
  COMMAND crawlcard config --completions zsh > "${generated}/_crawlcard"
  COMMAND crawlcard config --completions fish > "${generated}/crawlcard.fish"
  DEPENDS crawlcard VERBATIM)
add_custom_target(crawlcard_texts ALL DEPENDS ${text_paths})

install(TARGETS crawlcard RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(FILES "${generated}/crawlcard.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${generated}/crawlcard.bash" RENAME crawlcard
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
install(FILES "${generated}/_crawlcard"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES "${generated}/crawlcard.fish"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/NOTICE"
  "${PROJECT_SOURCE_DIR}/docs/crawlcard.toml" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "crawlcard maintainers")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "crawlcard maintainers")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Opened at run time by whoever fetches, so no program header names it.
set(CPACK_DEBIAN_PACKAGE_DEPENDS libcurl4)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
include(CPack)
