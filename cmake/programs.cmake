# The programs: build/cairn, build/fixtures, build/tutorials/NAME, build/examples/NAME and, on
# demand (target `benches`), build/bench/NAME.
file(GLOB sources CONFIGURE_DEPENDS tools/cairn/*.cpp tools/cairn/demo/*.cpp)
if(sources)
  cairn_program(cairn_tool . cairn SOURCES ${sources} LIBRARIES cairn)
  cairn_precompile(cairn_tool)
  target_compile_definitions(cairn_tool PRIVATE CAIRN_VERSION="${PROJECT_VERSION}")
endif()

# What runs the fixtures of single ops is a library, for tests to call too.
file(GLOB sources CONFIGURE_DEPENDS tests/fixture_runner/*.cpp)
if(sources)
  set(ops ${sources})
  list(FILTER ops INCLUDE REGEX "/(ops|values)[^/]*$")
  list(REMOVE_ITEM sources ${ops})
  add_library(cairn_op_fixtures STATIC EXCLUDE_FROM_ALL ${ops})
  cairn_options(cairn_op_fixtures)
  cairn_precompile(cairn_op_fixtures)
  target_link_libraries(cairn_op_fixtures PUBLIC cairn)
  cairn_program(fixtures . fixtures SOURCES ${sources} LIBRARIES cairn_op_fixtures)
  cairn_precompile(fixtures)
  target_compile_definitions(fixtures PRIVATE CAIRN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
endif()

# Keeps the code and numbers of the pages equal to the programs'.
cairn_program(prose . prose SOURCES tools/docs/prose.cpp LIBRARIES cairn)

# Writes pages for tests/browser.py to look at.
cairn_program(pages tests pages SOURCES tests/pages.cpp LIBRARIES cairn)

# Writes docs/ops.md from the ops' records.
cairn_program(opsdoc . opsdoc SOURCES tools/docs/opsdoc.cpp LIBRARIES cairn_records)
target_compile_definitions(opsdoc PRIVATE CAIRN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

# Plants mistakes, one at a time, and sees whether the tests notice.
if(CMAKE_EXPORT_COMPILE_COMMANDS AND NOT CMAKE_CROSSCOMPILING AND NOT CAIRN_SANITIZE)
  add_library(mutants_driver STATIC EXCLUDE_FROM_ALL tests/mutants/driver.cpp)
  cairn_options(mutants_driver)
  target_link_libraries(mutants_driver PRIVATE cairn64_records)
  file(GLOB sources CONFIGURE_DEPENDS tests/mutants/*.cpp)
  list(FILTER sources EXCLUDE REGEX /driver.cpp)
  cairn_program(mutants . mutants SOURCES ${sources} LIBRARIES cairn)
  set(libraries mutants_driver cairn64_records cairn64 cairn)
  list(TRANSFORM libraries REPLACE "(.+)" "$<TARGET_FILE:\\1>")
  list(JOIN libraries " " libraries)
  cairn_precompile(mutants <regex>)
  target_compile_definitions(mutants PRIVATE CAIRN_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             CAIRN_BINARY_DIR="${PROJECT_BINARY_DIR}"
                             CAIRN_CXX="${CMAKE_CXX_COMPILER}" CAIRN_LIBRARIES="${libraries}")
  add_dependencies(mutants mutants_driver)
endif()

file(GLOB mains CONFIGURE_DEPENDS tutorials/*/main.cpp)
foreach(main IN LISTS mains)
  cmake_path(GET main PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  cairn_program(tutorial_${name} tutorials ${name} SOURCES ${main} LIBRARIES cairn)
endforeach()

file(GLOB mains CONFIGURE_DEPENDS examples/*.cpp)
foreach(main IN LISTS mains)
  cmake_path(GET main STEM name)
  set(library cairn)
  file(STRINGS ${main} double REGEX "Link cairn::cairn64")
  if(double)
    set(library cairn64)
  endif()
  cairn_program(example_${name} examples ${name} SOURCES ${main} LIBRARIES ${library})
endforeach()

find_package(benchmark CONFIG QUIET)
add_custom_target(benches)
file(GLOB mains CONFIGURE_DEPENDS bench/*.cpp)
foreach(main IN LISTS mains)
  cmake_path(GET main STEM name)
  file(STRINGS ${main} google REGEX "#include <benchmark/")
  if(google AND NOT benchmark_FOUND)
    message(STATUS "bench/${name} left out: Google Benchmark is not installed")
    continue()
  endif()
  cairn_program(bench_${name} bench ${name} SOURCES ${main} LIBRARIES cairn_records)
  if(google)
    target_link_libraries(bench_${name} PRIVATE benchmark::benchmark)
  endif()
  set_target_properties(bench_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  add_dependencies(benches bench_${name})
endforeach()
