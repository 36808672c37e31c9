# cmake -DNM=... -DCAIRN=libcairn.a -DCAIRN64=libcairn64.a -P check_precisions.cmake
# A program may link both libraries, so no strong symbol may be defined in both: a source file either
# keeps to the inline namespace CAIRN_PRECISION or is compiled into cairn alone (`cairn_layer(plain`
# in cmake/libraries.cmake). And what cairn64 uses of namespace cairn::f64 is in cairn64.
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

foreach(kind defined undefined)
  execute_process(COMMAND ${NM} --${kind}-only --extern-only --portability ${CAIRN64}
                  OUTPUT_VARIABLE output ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "\n[^ \n]*5cairn3f64[^ \n]*" ${kind} "${output}")
  list(REMOVE_DUPLICATES ${kind})
endforeach()
list(REMOVE_ITEM undefined "" ${defined})
list(JOIN undefined " " missing)
if(missing)
  message(FATAL_ERROR "used in cairn64 and defined nowhere:${missing}")
endif()
