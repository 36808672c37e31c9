# cmake -DWAY=find_package|pkg_config|fetch_content -DSOURCE=... -DBINARY=... -DCOMPILER=...
# Installs Cairn into a fresh folder (except for fetch_content), builds the outside project beside
# this file with it, and runs its programs.
cmake_minimum_required(VERSION 3.22)
set(folder ${BINARY}/package/${WAY})
file(REMOVE_RECURSE ${folder})
set(arguments -DWAY=${WAY} -DCMAKE_CXX_COMPILER=${COMPILER})
if(WAY STREQUAL "fetch_content")
  list(APPEND arguments -DCAIRN_SOURCE=${SOURCE} -DCMAKE_BUILD_TYPE=None)
else()
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY} --prefix ${folder}/first
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(RENAME ${folder}/first ${folder}/moved)  # an installed tree can be moved
  list(APPEND arguments -DCMAKE_PREFIX_PATH=${folder}/moved -DCMAKE_BUILD_TYPE=Release)
endif()
if(WAY STREQUAL "find_package")
  list(APPEND arguments -DREADME=${SOURCE}/examples/readme.cpp
                        -DOWN_OP=${SOURCE}/examples/own_op.cpp)
elseif(WAY STREQUAL "pkg_config")
  find_program(pkg_config pkg-config)
  if(NOT pkg_config)
    message("SKIPPED: pkg-config is not installed")
    return()
  endif()
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${folder}/build
                        ${arguments} COMMAND_ERROR_IS_FATAL ANY)
set(target all)
if(WAY STREQUAL "fetch_content")
  set(target outside)  # and what it needs of Cairn, not the double library
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}/build --parallel 2 --target ${target}
                COMMAND_ERROR_IS_FATAL ANY)
foreach(program outside outside64 own_op)
  if(EXISTS ${folder}/build/${program})
    execute_process(COMMAND ${folder}/build/${program} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
if(WAY STREQUAL "find_package")
  execute_process(COMMAND ${folder}/build/tiny_model ${folder}/model COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${folder}/build/readme ${folder}/model COMMAND_ERROR_IS_FATAL ANY)
endif()
