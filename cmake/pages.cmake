# The pages that show code, numbers and figures of programs: each is checked by a test, and the target
# docs_sync (`make docs-sync`) renews all.

# prose compares a page with its program; opsdoc writes docs/ops.md from the ops' records.
cairn_program(prose . prose SOURCES tools/docs/prose.cpp tools/docs/compare.cpp LIBRARIES cairn)
cairn_program(opsdoc . opsdoc SOURCES tools/docs/opsdoc.cpp LIBRARIES cairn_records)
target_compile_definitions(opsdoc PRIVATE CAIRN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

function(cairn_page_test name)
  if(CAIRN_TESTS AND NOT CMAKE_CROSSCOMPILING AND NOT CAIRN_SANITIZE)
    add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  endif()
endfunction()

set(cairn_renew COMMAND opsdoc --write docs/ops.md)
cairn_page_test("docs: docs/ops.md is what docs-sync writes" opsdoc docs/ops.md)

# PAGE shows SOURCE and, if a target is named, what its program prints and draws; a page whose program
# is not built is left alone.
function(cairn_page page source)
  if(ARGN AND NOT TARGET ${ARGN})
    return()
  endif()
  set(program "")
  if(ARGN)
    set(program $<TARGET_FILE:${ARGN}>)
  endif()
  cairn_page_test("prose: ${page}" prose ${page} ${source} ${program})
  set(cairn_renew ${cairn_renew} COMMAND prose --write ${page} ${source} ${program} PARENT_SCOPE)
endfunction()

cairn_page(README.md examples/readme.cpp)
cairn_page(docs/explain.md examples/explain.cpp example_explain)
file(GLOB pages RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS tutorials/[0-9]*/*.md)
list(FILTER pages EXCLUDE REGEX "/bug\\.md$")
foreach(page IN LISTS pages)
  cmake_path(GET page PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  cairn_page(${page} ${folder}/main.cpp tutorial_${name})
endforeach()

add_custom_target(docs_sync ${cairn_renew} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM)
