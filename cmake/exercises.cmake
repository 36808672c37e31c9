# The exercises: tutorials/CHAPTER/exercises/NAME. build/exercises/NAME is an exercise's check with
# its solution in the reader's place; the library exercise_NAME_check is the check alone, which
# tools/course/check.py links to the reader's file.
file(GLOB checks CONFIGURE_DEPENDS tutorials/*/exercises/*/check.cpp)
option(CAIRN_EXERCISES "Build the checks of the tutorials' exercises" ON)
if(NOT checks OR NOT CAIRN_EXERCISES)
  return()
endif()
# With the library in it: not all of it, lest a reader's first check be long in coming.
add_library(cairn_check STATIC EXCLUDE_FROM_ALL tutorials/check/judge.cpp tutorials/check/run.cpp
            train/metrics.cpp train/more/classification_report.cpp
            $<TARGET_OBJECTS:cairn_plain> $<TARGET_OBJECTS:cairn_io> $<TARGET_OBJECTS:cairn_text>
            ${cairn64_objects})
cairn_library_options(cairn_check)
target_compile_definitions(cairn_check PUBLIC CAIRN_DOUBLE)

# The files of a chapter that an exercise includes the headers of.
function(cairn_chapter_files result folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
  set(found "")
  foreach(file IN LISTS files)
    file(STRINGS ${file} includes REGEX "^#include \"tutorials/[0-9][^/]*/[^/]+\\.h\"")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include \"(.*)\\.h\".*" "${PROJECT_SOURCE_DIR}/\\1.cpp" source
             "${include}")
      if(EXISTS ${source})
        list(APPEND found ${source})
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES found)
  set(${result} ${found} PARENT_SCOPE)
endfunction()

set(cairn_exercises "")
foreach(check IN LISTS checks)
  cmake_path(GET check PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(skeleton|solution)\\.cpp$")
  cairn_chapter_files(chapter ${folder})
  add_library(exercise_${name}_check STATIC EXCLUDE_FROM_ALL ${sources} ${chapter})
  cairn_options(exercise_${name}_check)
  target_link_libraries(exercise_${name}_check PUBLIC cairn_check)
  target_compile_definitions(exercise_${name}_check PRIVATE CAIRN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  cairn_program(exercise_${name} exercises ${name} SOURCES ${folder}/solution.cpp
                LIBRARIES exercise_${name}_check)
  # The exercise's own definition of a function of the library comes first, and wins.
  target_link_options(exercise_${name} PRIVATE LINKER:--allow-multiple-definition)
  set_target_properties(exercise_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  list(APPEND cairn_exercises ${name})
endforeach()

# `all` builds them where their tests are.
set(all "")
if(CAIRN_TESTS AND NOT CMAKE_CROSSCOMPILING AND NOT CAIRN_SANITIZE AND
   NOT (CAIRN_DEBUG AND CMAKE_BUILD_TYPE STREQUAL "Debug"))
  set(all ALL)
endif()
list(TRANSFORM cairn_exercises PREPEND exercise_ OUTPUT_VARIABLE targets)
add_custom_target(exercises ${all} DEPENDS ${targets})

# What check.py needs to compile the reader's file as the checks are compiled, a line each.
set(flags ${cairn_sanitizer_flags})
list(FILTER flags INCLUDE REGEX "^-f")
list(JOIN flags " " flags)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/exercises/compiler.txt CONTENT
"${CMAKE_CXX_COMPILER}
${flags}
$<TARGET_FILE:cairn_check>
")
