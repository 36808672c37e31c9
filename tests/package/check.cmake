# cmake -DWAY=find_package|pkg_config|fetch_content -DSOURCE=... -DBINARY=... -DCOMPILER=...
# Installs Cairn into a fresh folder (for fetch_content: copies it), builds the outside project beside
# this file with it, and runs its programs; with find_package also the template, copied.
cmake_minimum_required(VERSION 3.22)
set(folder ${BINARY}/package/${WAY})
file(REMOVE_RECURSE ${folder})
set(compiler -DCMAKE_CXX_COMPILER=${COMPILER})
set(arguments -DWAY=${WAY})
if(WAY STREQUAL "fetch_content")
  include(${CMAKE_CURRENT_LIST_DIR}/copy.cmake)
  file(GLOB core RELATIVE ${SOURCE} ${SOURCE}/core/*.cpp)
  copy_of_cairn(${folder}/cairn ${core})
  list(APPEND arguments -DCAIRN_SOURCE=${folder}/cairn -DCMAKE_BUILD_TYPE=Debug -DCAIRN_DEBUG=ON)
else()
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BINARY} --prefix ${folder}/first
                  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(RENAME ${folder}/first ${folder}/moved)  # an installed tree can be moved
  list(APPEND arguments -DCMAKE_PREFIX_PATH=${folder}/moved -DCMAKE_BUILD_TYPE=Release -DDOUBLE=ON)
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

# Configures and builds the project SOURCE in BUILD.
function(build source build)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} -B ${build} ${compiler} ${ARGN}
                  COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${build} --parallel 2
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

build(${CMAKE_CURRENT_LIST_DIR} ${folder}/build ${arguments})
foreach(program outside outside64 own_op)
  if(EXISTS ${folder}/build/${program})
    execute_process(COMMAND ${folder}/build/${program} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
if(WAY STREQUAL "fetch_content")
  file(GLOB_RECURSE double ${folder}/build/libcairn64.a)
  if(double)
    message(FATAL_ERROR "${double} was built, though nothing links it")
  endif()
elseif(WAY STREQUAL "find_package")
  execute_process(COMMAND ${folder}/build/tiny_model ${folder}/model COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${folder}/build/readme ${folder}/model COMMAND_ERROR_IS_FATAL ANY)

  file(COPY ${SOURCE}/template DESTINATION ${folder})
  build(${folder}/template ${folder}/template/build -DCMAKE_PREFIX_PATH=${folder}/moved)
  execute_process(COMMAND build/my_program WORKING_DIRECTORY ${folder}/template
                  OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  message("${said}")
  if(NOT said MATCHES "accuracy on new points: (0\\.9[5-9]|1\\.0)")
    message(FATAL_ERROR "the template's program did not learn the spirals")
  endif()
endif()
