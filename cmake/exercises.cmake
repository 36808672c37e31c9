# The exercises: tutorials/CHAPTER/exercises/NAME. build/exercises/NAME is an exercise's check with
# its solution in the reader's place; the library exercise_NAME_check is the check alone, which
# tools/course/check.py links to the reader's file.
file(GLOB checks CONFIGURE_DEPENDS tutorials/*/exercises/*/check.cpp)
if(NOT checks)
  return()
endif()
# With the library in it: not all of it, lest a reader's first check be long in coming.
add_library(cairn_check STATIC EXCLUDE_FROM_ALL tutorials/check/judge.cpp tutorials/check/run.cpp
            $<TARGET_OBJECTS:cairn_plain> ${cairn64_objects})
cairn_library_options(cairn_check)
target_compile_definitions(cairn_check PUBLIC CAIRN_DOUBLE)

set(cairn_exercises "")
foreach(check IN LISTS checks)
  cmake_path(GET check PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/(skeleton|solution)\\.cpp$")
  add_library(exercise_${name}_check STATIC EXCLUDE_FROM_ALL ${sources})
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

# What check.py needs to compile the reader's file as the checks are compiled, a line each.
set(flags ${cairn_sanitizer_flags})
list(FILTER flags INCLUDE REGEX "^-f")
list(JOIN flags " " flags)
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/exercises/compiler.txt CONTENT
"${CMAKE_CXX_COMPILER}
${flags}
$<TARGET_FILE:cairn_check>
")
