# cmake -DNM=... "-DOBJECTS=a.o;b.o" -P check_symbols.cmake
# Each kernel object must define exactly one strong external symbol, its table of kernels, and no
# weak one: the linker may pick a weak function compiled with -mavx2 for every caller, and the
# program then dies on a CPU without AVX2.
cmake_minimum_required(VERSION 3.22)
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} --defined-only --extern-only ${object}
                  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" symbols "${output}")
  list(LENGTH symbols count)
  if(NOT count EQUAL 1 OR NOT symbols MATCHES " [BDRST] ")
    message(FATAL_ERROR "${object} should define one strong symbol, but nm says:\n${output}")
  endif()
  message(STATUS "${object}: ${symbols}")
endforeach()
