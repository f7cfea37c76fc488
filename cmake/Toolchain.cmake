# Compiler settings shared by every room, as one interface target: crawlcard::flags.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(CRAWLCARD_CCACHE ccache)
if(CRAWLCARD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER "${CRAWLCARD_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CRAWLCARD_CCACHE}")
endif()

include(CheckLinkerFlag)
foreach(linker mold lld)
  check_linker_flag(CXX "-fuse-ld=${linker}" CRAWLCARD_HAVE_LD_${linker})
  if(CRAWLCARD_HAVE_LD_${linker})
    add_link_options("-fuse-ld=${linker}")
    break()
  endif()
endforeach()

add_library(crawlcard_flags INTERFACE)
add_library(crawlcard::flags ALIAS crawlcard_flags)
# What is in BUILD_INTERFACE is ours alone: who links the installed libraries has his own warnings.
target_include_directories(crawlcard_flags INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
target_compile_features(crawlcard_flags INTERFACE cxx_std_20)
target_compile_options(crawlcard_flags INTERFACE "$<BUILD_INTERFACE:-Wall;-Wextra;-Wpedantic;\
-Wshadow;-Wconversion;-Wsign-conversion;-Wnon-virtual-dtor;-Wimplicit-fallthrough>"
  # No machine path in a binary or a message.
  "$<BUILD_INTERFACE:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>"
  "$<BUILD_INTERFACE:$<$<BOOL:${CRAWLCARD_WERROR}>:-Werror>>")

if(CRAWLCARD_SANITIZE)
  target_compile_options(crawlcard_flags INTERFACE
    "-fsanitize=${CRAWLCARD_SANITIZE}" -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(crawlcard_flags INTERFACE "-fsanitize=${CRAWLCARD_SANITIZE}")
else()
  target_compile_options(crawlcard_flags INTERFACE "$<BUILD_INTERFACE:-fstack-protector-strong>"
    "$<BUILD_INTERFACE:$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>>")
  target_compile_definitions(crawlcard_flags INTERFACE
    "$<BUILD_INTERFACE:$<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>>")
  target_link_options(crawlcard_flags INTERFACE "$<BUILD_INTERFACE:-Wl,-z,relro,-z,now>")
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
