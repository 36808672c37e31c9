# cairn_options(TARGET): the language, warnings and arithmetic that every target of ours has.
find_package(Threads REQUIRED)

# Every build is optimised, whatever build type and flags an outside project sets or leaves out,
# except one for the debugger. Our options come after its flags, and the last -O wins.
set(cairn_debug $<AND:$<BOOL:${CAIRN_DEBUG}>,$<CONFIG:Debug>>)
set(cairn_optimise $<IF:${cairn_debug},-O0,-O2>)
# Clang describes a type once, where its constructor is; a debugger wants it in every file.
set(cairn_debug_flags -g3 $<$<CXX_COMPILER_ID:Clang,AppleClang>:-fstandalone-debug>)
set(cairn_despite_parent "")
if(NOT PROJECT_IS_TOP_LEVEL)
  set(cairn_despite_parent -fno-fast-math -Wno-error)
endif()

set(cairn_sanitizer_flags "")
set(cairn_sanitizer_definitions "")
if(CAIRN_SANITIZE)
  set(cairn_optimise -O1)
  # The instrumented code misleads g++'s -Wmaybe-uninitialized (its manual says so).
  set(cairn_sanitizer_flags -fsanitize=${CAIRN_SANITIZE} -fno-sanitize-recover=all
                            -fno-omit-frame-pointer
                            $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  set(cairn_sanitizer_definitions CAIRN_NO_POOL)  # each block's own lifetime is seen
endif()

function(cairn_options target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF UNITY_BUILD OFF)
  # A fused multiply-add happens where `fma` is written and nowhere else, so that results do not
  # depend on the compiler's taste; errno is never read, and setting it keeps sqrt out of vectors.
  target_compile_options(${target} PRIVATE ${cairn_despite_parent} -ffp-contract=off -fno-math-errno
                         -Wall -Wextra -Wpedantic $<$<BOOL:${CAIRN_WERROR}>:-Werror>
                         # g++'s plain -Wshadow would forbid Random(uint64_t seed) : seed(seed) {}.
                         $<IF:$<CXX_COMPILER_ID:GNU>,-Wshadow=local,-Wshadow>
                         # g++ 12 sees overlaps that are none in std::string (GCC bug 105651).
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                         ${cairn_optimise} $<${cairn_debug}:${cairn_debug_flags}>
                         ${cairn_sanitizer_flags})
  target_compile_definitions(${target} PRIVATE $<${cairn_debug}:CAIRN_DEBUG>
                             ${cairn_sanitizer_definitions})
  target_link_options(${target} PUBLIC ${cairn_sanitizer_flags})
endfunction()

# An executable in FOLDER of the build directory, linked to LIBRARIES.
function(cairn_program target folder name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${target} ${PROGRAM_SOURCES})
  cairn_options(${target})
  target_link_libraries(${target} PRIVATE ${PROGRAM_LIBRARIES})
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name}
                        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${folder})
endfunction()

# Writes NAME.link.txt, what a program is linked of, for tools/course/builds.py: it links the program
# again, with some other object.
function(cairn_link_list name)
  list(JOIN ARGN ";" parts)
  set(flags ${cairn_sanitizer_flags})
  list(FILTER flags INCLUDE REGEX "^-f")
  list(JOIN flags " " flags)
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/${name}.link.txt
       CONTENT "${CMAKE_CXX_COMPILER} ${flags}\n$<JOIN:${parts},\n>\n")
endfunction()

# Precompiles the standard library's headers for a large target; each source is still an object of
# its own, and still includes what it uses: the build with clang precompiles nothing (and compiles
# each header alone), so it finds what only a precompiled header made visible. The arguments after the
# target are more headers, or REUSE_FROM and another target whose options are the same.
option(CAIRN_PRECOMPILE "Precompile standard headers, and leave out the check of each header alone"
       ${PROJECT_IS_TOP_LEVEL})
function(cairn_precompile target)
  if(CAIRN_PRECOMPILE)
    # The same bug; without a precompiled header g++ keeps it to itself, as it is in a system header.
    target_compile_options(${target} PRIVATE
                           "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>")
    if("${ARGV1}" STREQUAL REUSE_FROM)
      target_precompile_headers(${target} ${ARGN})
      return()
    endif()
    target_precompile_headers(${target} PRIVATE <algorithm> <charconv> <cmath> <cstdio> <cstdlib>
                              <filesystem> <fstream> <functional> <iostream> <limits> <map> <memory>
                              <optional> <set> <span> <sstream> <string> <vector> ${ARGN})
  endif()
endfunction()
