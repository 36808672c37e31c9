# cmake -DSOURCE=... -DBINARY=... -DCOMPILER=... -P check_flags.cmake
# Configures the outside project beside this file with what parents set or fail to set, and reads
# from compile_commands.json how Cairn's files would be compiled.
cmake_minimum_required(VERSION 3.22)
set(folder ${BINARY}/package/flags)
file(REMOVE_RECURSE ${folder})

# configure(BUILD ARGUMENTS...): sets `commands` to the commands that compile files of Cairn, and
# `found` to the last -O of each, without repetition.
function(configure build)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${folder}/${build}
                          -DWAY=fetch_content -DCAIRN_SOURCE=${SOURCE}
                          -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
                          ${ARGN}
                  OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "-- Cairn [^\n]*" messages "${said}")
  list(LENGTH messages count)
  if(NOT count EQUAL 1)
    message(FATAL_ERROR "${ARGN}: one message was expected:\n${said}")
  endif()
  file(STRINGS ${folder}/${build}/compile_commands.json commands
       REGEX "\"command\": .*${SOURCE}/(core|nn|optim|text|models|train)/")
  set(found "")
  foreach(command IN LISTS commands)
    string(REGEX REPLACE ".* (-O[^ ]*) .*" "\\1" last "${command}")
    list(APPEND found "${last}")
  endforeach()
  list(LENGTH found count)
  if(count LESS 100)
    message(FATAL_ERROR "only ${count} commands were read")
  endif()
  list(REMOVE_DUPLICATES found)
  list(SORT found)
  set(found "${found}" PARENT_SCOPE)
  set(commands "${commands}" PARENT_SCOPE)
endfunction()

# parent(ARGUMENTS...): a parent with these settings has Cairn optimised. All use one build folder.
function(parent)
  configure(parent -DCMAKE_BUILD_TYPE= -DCMAKE_CXX_FLAGS= -DPARENT_OPTIONS= -DCAIRN_DEBUG=OFF
            ${ARGN})
  if(NOT found STREQUAL "-O2;-O3")  # -O3: the plain loops
    message(FATAL_ERROR "${ARGN}: Cairn is compiled with ${found}")
  endif()
  if(commands MATCHES "-DCAIRN_DEBUG")
    message(FATAL_ERROR "${ARGN}: Cairn is compiled for the debugger")
  endif()
endfunction()

parent()
foreach(type Debug Release RelWithDebInfo MinSizeRel None Profile)
  parent(-DCMAKE_BUILD_TYPE=${type})
endforeach()
parent(-DCMAKE_CXX_FLAGS=-O0)
parent(-DCMAKE_CXX_FLAGS=-Ofast -DCMAKE_BUILD_TYPE=Debug)
parent(-DPARENT_OPTIONS=-O0 -DCMAKE_BUILD_TYPE=Debug)
parent(-DCAIRN_DEBUG=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo)
parent(-DCMAKE_UNITY_BUILD=ON)

configure(parent -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS= -DPARENT_OPTIONS= -DCAIRN_DEBUG=ON)
if(NOT found STREQUAL "-O0" OR NOT commands MATCHES "-DCAIRN_DEBUG")
  message(FATAL_ERROR "CAIRN_DEBUG=ON under Debug: Cairn is compiled with ${found}")
endif()

find_program(ninja ninja)
if(ninja)
  configure(multi -G "Ninja Multi-Config")
  if(NOT found STREQUAL "-O2;-O3")
    message(FATAL_ERROR "several build types at once: Cairn is compiled with ${found}")
  endif()
endif()
