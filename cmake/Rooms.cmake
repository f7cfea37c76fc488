# crawlcard_add_room(NAME warc DEPS base LINK fmt::fmt PRIVATE_LINK ZLIB::ZLIB)
#
# Adds the static library of one room from the sources in its folder. DEPS are rooms on lower
# floors; LINK are third-party targets that its public headers need, PRIVATE_LINK the rest.
# A wrong include then also fails to link.
function(crawlcard_add_room)
  cmake_parse_arguments(ROOM "" "NAME" "DEPS;LINK;PRIVATE_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  if(NOT sources)
    add_library(crawlcard_${ROOM_NAME} INTERFACE)
    return()
  endif()
  add_library(crawlcard_${ROOM_NAME} STATIC ${sources})
  list(TRANSFORM ROOM_DEPS PREPEND crawlcard_)
  target_link_libraries(crawlcard_${ROOM_NAME}
    PUBLIC crawlcard::flags ${ROOM_DEPS} ${ROOM_LINK}
    PRIVATE ${ROOM_PRIVATE_LINK})
endfunction()
