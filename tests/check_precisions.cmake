# cmake -DNM=... -DCAIRN=libcairn.a -DCAIRN64=libcairn64.a -P check_precisions.cmake
# A program may link both libraries, so no strong symbol may be defined in both: a source file either
# keeps to the inline namespace CAIRN_PRECISION or is compiled into cairn alone (`cairn_sources_plain`
# in cmake/libraries.cmake).
cmake_minimum_required(VERSION 3.22)
foreach(library CAIRN CAIRN64)
  execute_process(COMMAND ${NM} --defined-only --extern-only ${${library}}
                  OUTPUT_VARIABLE output ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL " [TDBRS] [^\n]+" symbols_${library} "${output}")
endforeach()
set(both "")
foreach(symbol IN LISTS symbols_CAIRN64)
  if(symbol IN_LIST symbols_CAIRN)
    string(APPEND both "\n  ${symbol}")
  endif()
endforeach()
if(both)
  message(FATAL_ERROR "defined in both cairn and cairn64:${both}")
endif()
