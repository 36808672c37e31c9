# The chapters of the tutorial: build/tutorials/NAME is made of the .cpp files in tutorials/NAME/ and
# of the layers of the library that these include, so that the first chapters soon build.
set(cairn_needs_core plain core)
set(cairn_needs_nn plain core nn)
set(cairn_needs_text plain core text)
set(cairn_needs_models plain core nn text models)
set(cairn_needs_train plain core nn text models train)

# The object libraries of the layers whose headers these files include, and of what those need.
function(cairn_layers_of result)
  set(layers "")
  foreach(source IN LISTS ARGN)
    file(STRINGS ${source} includes REGEX "^#include \"[a-z]+/")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include \"([a-z]+)/.*" "\\1" layer "${include}")
      string(REPLACE optim nn layer ${layer})  # which are one library
      list(APPEND layers ${cairn_needs_${layer}})
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES layers)
  list(TRANSFORM layers PREPEND cairn_)
  set(${result} ${layers} PARENT_SCOPE)
endfunction()

file(GLOB shared CONFIGURE_DEPENDS tutorials/*.h)
file(GLOB mains CONFIGURE_DEPENDS tutorials/*/main.cpp)
foreach(main IN LISTS mains)
  cmake_path(GET main PARENT_PATH folder)
  cmake_path(GET folder FILENAME name)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  file(GLOB headers CONFIGURE_DEPENDS ${folder}/*.h)
  cairn_layers_of(layers ${sources} ${headers} ${shared})
  cairn_program(tutorial_${name} tutorials ${name} SOURCES ${sources} LIBRARIES ${layers})
endforeach()
