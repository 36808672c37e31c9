# cmake -DCXX=g++ -DSOURCE=... "-DFILES=a.cpp;b.cpp" -P check_forward_only.cmake
# Part I of the tutorial is about the way forward: nothing of core/autograd/ is among what its programs
# and the headers that they use include, directly or not.
cmake_minimum_required(VERSION 3.22)
set(faults "")
foreach(file IN LISTS FILES)
  execute_process(COMMAND ${CXX} -std=c++20 -w -x c++ -I${SOURCE} -MM ${file}
                  OUTPUT_VARIABLE depends COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "core/autograd/[^ \n]+" found "${depends}")
  if(found)
    string(APPEND faults "\n  ${file}: ${found}")
  endif()
endforeach()
if(faults)
  message(FATAL_ERROR "part I includes files of core/autograd/:${faults}")
endif()
