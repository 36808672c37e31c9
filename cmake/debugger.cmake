# The target `tutorials` (all chapters' programs), and tests of what a debugger shows of Cairn
# (docs/debugging.md). Most need a build for the debugger: make test-walks.
get_property(targets DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTY BUILDSYSTEM_TARGETS)
list(FILTER targets INCLUDE REGEX "^tutorial_")
add_custom_target(tutorials DEPENDS ${targets})

find_program(CAIRN_PYTHON3 python3)
if(NOT CAIRN_PYTHON3 OR CMAKE_CROSSCOMPILING OR CAIRN_SANITIZE)
  return()
endif()
set(play ${CAIRN_PYTHON3} ${PROJECT_SOURCE_DIR}/tools/debugger/play.py)
set(check ${CAIRN_PYTHON3} ${PROJECT_SOURCE_DIR}/tests/debugger/check.py)

function(cairn_debugger_test name)
  add_test(NAME "${name}" COMMAND ${ARGN})
  set_tests_properties("${name}" PROPERTIES LABELS walks TIMEOUT 300
                       SKIP_REGULAR_EXPRESSION "^SKIPPED")
endfunction()

# The walk WALK of a program in both debuggers: its transcripts are compared by a test, and recorded
# by the target walks_sync.
add_custom_target(walks_sync DEPENDS tutorials)
function(cairn_walk target name walk)
  string(REGEX REPLACE "\\.txt$" "" stem ${walk})
  add_dependencies(walks_sync ${target})
  foreach(debugger gdb lldb)
    set(command ${play} ${debugger} $<TARGET_FILE:${target}> ${walk})
    set(transcript ${stem}.${debugger}.txt)
    add_custom_command(TARGET walks_sync POST_BUILD COMMAND ${command} --record ${transcript})
    cairn_debugger_test("walks: ${name} in ${debugger}" ${command} --compare ${transcript})
  endforeach()
endfunction()

# Programs for the debugger to look at are built for it in every build.
function(cairn_debugger_program name)
  cairn_program(debugger_${name} tests/debugger ${name} SOURCES tests/debugger/${name}.cpp
                LIBRARIES ${ARGN})
  target_compile_options(debugger_${name} PRIVATE -O0 ${cairn_debug_flags})
endfunction()

cairn_debugger_program(values cairn)
cairn_walk(debugger_values values ${PROJECT_SOURCE_DIR}/tests/debugger/values.walk.txt)
cairn_debugger_test("walks: editors have a launch file for each chapter" ${check} launch)
cairn_debugger_test("walks: gdb and lldb show values alike" ${check} equal)

if(NOT CAIRN_DEBUG OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  return()
endif()
cairn_walk(debugger_values models ${PROJECT_SOURCE_DIR}/tests/debugger/models.walk.txt)
cairn_debugger_program(back cairn)
cairn_debugger_program(frames cairn_records)
cairn_walk(debugger_back back ${PROJECT_SOURCE_DIR}/tests/debugger/back.walk.txt)
cairn_debugger_test("walks: three functions from an op to its kernel, one for each module"
                    ${check} frames $<TARGET_FILE:debugger_frames>)
foreach(debugger gdb lldb)
  cairn_debugger_test("walks: twenty steps from softmax to its kernel in ${debugger}"
                      ${check} steps ${debugger} $<TARGET_FILE:debugger_back>)
  cairn_debugger_test("walks: a core file is read as the program in ${debugger}"
                      ${check} core ${debugger} $<TARGET_FILE:debugger_values>)
endforeach()
add_custom_target(debugger_programs DEPENDS tutorials debugger_values debugger_back debugger_frames)

file(GLOB walks CONFIGURE_DEPENDS tutorials/*/walk.txt)
foreach(walk IN LISTS walks)
  cmake_path(GET walk PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  cairn_walk(tutorial_${name} ${name} ${walk})
  configure_file(tools/debugger/clion.run.xml.in ${PROJECT_BINARY_DIR}/clion/${name}.run.xml @ONLY)
endforeach()
add_custom_command(TARGET walks_sync POST_BUILD  # CLion's launch files, one for each chapter
                   COMMAND ${CMAKE_COMMAND} -E copy_directory ${PROJECT_BINARY_DIR}/clion
                           ${PROJECT_SOURCE_DIR}/.run)
