# cmake -DNM=... -DOBJECTS=a.o;b.o -P check_spine.cmake
# The spine, what fine-tuning BERT needs, links without the rest: no symbol that its objects leave
# undefined is defined in objects of more/ or core/inspect/ alone.
cmake_minimum_required(VERSION 3.22)

# The symbols of the objects that `nm` lists with the option, each once.
function(symbols result option)
  execute_process(COMMAND ${NM} --extern-only ${option} --portability ${ARGN}
                  OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "(^|\n)[^ \n]+ [A-Za-z] " lines "${output}")
  list(TRANSFORM lines REPLACE "^\n?([^ ]+) .*" "\\1")
  list(REMOVE_DUPLICATES lines)
  set(${result} ${lines} PARENT_SCOPE)
endfunction()

list(FILTER OBJECTS INCLUDE REGEX "\\.(o|obj)$")  # no precompiled header
set(rest ${OBJECTS})
list(FILTER rest INCLUDE REGEX "/(more|core/inspect)/")
set(spine ${OBJECTS})
list(REMOVE_ITEM spine ${rest})
symbols(needed --undefined-only ${spine})
symbols(defined --defined-only ${spine})
symbols(elsewhere --defined-only ${rest})
set(leaks "")
foreach(symbol IN LISTS elsewhere)
  if(symbol IN_LIST needed AND NOT symbol IN_LIST defined)
    string(APPEND leaks "\n  ${symbol}")
  endif()
endforeach()
list(LENGTH elsewhere count)
if(leaks)
  message(FATAL_ERROR "the spine uses what stands outside of it:${leaks}")
elseif(count LESS 100)
  message(FATAL_ERROR "${count} symbols are defined outside of the spine: is the list of objects right?")
endif()
