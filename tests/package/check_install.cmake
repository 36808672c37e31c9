# cmake -DSOURCE=... -DBINARY=... -P check_install.cmake
# Installing builds what it installs, whatever was built before, and installs all or nothing; tried on
# a copy of Cairn.
cmake_minimum_required(VERSION 3.22)
set(folder ${BINARY}/package/install)
set(copy ${folder}/cairn)
file(REMOVE_RECURSE ${folder})
include(${CMAKE_CURRENT_LIST_DIR}/copy.cmake)
copy_of_cairn(${copy} core/error.cpp core/nearest_name.cpp)
file(GLOB programs RELATIVE ${SOURCE} ${SOURCE}/tools/docs/*.cpp ${SOURCE}/tests/pages.cpp
     ${SOURCE}/tests/mutants/*.cpp ${SOURCE}/tests/debugger/*.cpp)
foreach(file core/kernels/simd.cpp core/ops/records/records.cpp tests/CMakeLists.txt ${programs})
  file(WRITE ${copy}/${file} "")
endforeach()
file(WRITE ${copy}/tools/cairn/main.cpp "int main() {}\n")
find_program(make NAMES make gmake REQUIRED)

function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${copy} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# installed(PREFIX): fails unless a program, both libraries and the headers are there.
function(installed prefix)
  foreach(pattern bin/cairn lib*/libcairn.a lib*/libcairn64.a lib*/cmake/cairn/cairnConfig.cmake
          lib*/pkgconfig/cairn64.pc include/cairn/cairn.h include/cairn/core/tensor.h
          include/cairn/models/bert/load.h)
    file(GLOB_RECURSE found ${prefix}/${pattern})
    if(NOT found)
      message(FATAL_ERROR "${prefix} has no ${pattern}")
    endif()
  endforeach()
endfunction()

# From a fresh clone, by the command of the README.
run(${make} install PREFIX=${folder}/prefix)
installed(${folder}/prefix)

# After a build of a part, as `make demo` and `make` build one.
file(REMOVE_RECURSE ${copy}/build)
run(${make} demo)
run(${CMAKE_COMMAND} --install build --prefix ${folder}/after_demo)
installed(${folder}/after_demo)

# What does not build leaves no half of an installation.
file(WRITE ${copy}/core/tensor.cpp "#ifdef CAIRN_DOUBLE\n#error\n#endif\n")
execute_process(COMMAND ${CMAKE_COMMAND} --install build --prefix ${folder}/broken
                WORKING_DIRECTORY ${copy} OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE code)
file(GLOB_RECURSE left ${folder}/broken/*)
if(code EQUAL 0 OR left)
  message(FATAL_ERROR "a failed build was installed: ${left}")
endif()
