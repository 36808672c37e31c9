# cairn (real = float) and cairn64 (real = double) from one source, side by side in one program.
include(CheckCXXCompilerFlag)

# One object library per layer, so that a program can be built from the layers it needs alone
# (cmake/tutorials.cmake). Each may use those before it.
set(cairn_layers core nn text models train)
set(cairn_folders_nn nn optim)
foreach(layer IN LISTS cairn_layers)
  set(globs ${layer})
  if(cairn_folders_${layer})
    set(globs ${cairn_folders_${layer}})
  endif()
  list(TRANSFORM globs APPEND /*.cpp)
  file(GLOB_RECURSE cairn_sources_${layer} CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${globs})
endforeach()
file(GLOB cairn_simd CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} core/kernels/simd.cpp)
# The list of the ops' records is for tests, benchmarks and docs, never in the library.
file(GLOB cairn_records CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     core/ops/records/records*.cpp)
list(REMOVE_ITEM cairn_sources_core "" ${cairn_simd} ${cairn_records})

# The files in plain namespace cairn do not depend on `real`. They are compiled once, into cairn,
# which cairn64 links. Everything else of core, nn, optim and models is compiled into both.
file(GLOB_RECURSE cairn_sources_plain CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     core/io/*.cpp)
file(GLOB plain CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     core/block.cpp core/error.cpp core/check.cpp core/shape.cpp core/ids.cpp
     core/more/create_ids.cpp core/rows.cpp core/order.cpp core/parallel.cpp core/random.cpp
     core/kernels/scratch.cpp core/inspect/page.cpp
     core/inspect/trace_style.cpp core/inspect/trace_script.cpp core/inspect/trace_charts.cpp
     models/bert/config_fields.cpp)
list(APPEND cairn_sources_plain ${plain})
foreach(layer core models)
  list(REMOVE_ITEM cairn_sources_${layer} "" ${cairn_sources_plain})
endforeach()
list(PREPEND cairn_layers plain)
# Plain loops, which the compiler may vectorise where that changes no result.
file(GLOB cairn_reference CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
     core/kernels/reference*.cpp)
set_source_files_properties(${cairn_reference} PROPERTIES
                            COMPILE_OPTIONS "$<$<STREQUAL:${cairn_optimise},-O2>:-O3>")

# What each target that is made of the library's sources has.
function(cairn_library_options name)
  cairn_options(${name})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cairn>)
  target_link_libraries(${name} PUBLIC Threads::Threads)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON LINKER_LANGUAGE CXX)
  if(NOT PROJECT_IS_TOP_LEVEL)  # an outside project's warnings are about its own code
    set_property(TARGET ${name} PROPERTY INTERFACE_SYSTEM_INCLUDE_DIRECTORIES
                 $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  endif()
endfunction()

# cairn_library(NAME LAYER...): the archive of these layers, each an object library.
function(cairn_library name)
  set(objects "")
  foreach(layer IN LISTS ARGN)
    if(cairn_sources_${layer})
      add_library(${name}_${layer} OBJECT ${cairn_sources_${layer}})
      cairn_library_options(${name}_${layer})
      cairn_precompile(${name}_${layer})
      list(APPEND objects $<TARGET_OBJECTS:${name}_${layer}>)
    endif()
  endforeach()
  set(${name}_objects ${objects} PARENT_SCOPE)
  add_library(${name} STATIC ${objects})
  add_library(cairn::${name} ALIAS ${name})
  cairn_library_options(${name})
endfunction()

cairn_library(cairn ${cairn_layers})
cairn_library(cairn64 core nn models)
foreach(target cairn64 cairn64_core cairn64_nn cairn64_models)
  if(TARGET ${target})
    target_compile_definitions(${target} PUBLIC CAIRN_DOUBLE)
  endif()
endforeach()
target_link_libraries(cairn64 PUBLIC cairn)
if(NOT PROJECT_IS_TOP_LEVEL AND NOT CAIRN_INSTALL)
  set_target_properties(cairn64 PROPERTIES EXCLUDE_FROM_ALL ON)  # built if something links it
endif()

# simd.cpp once per instruction set that the processor family has; which of them to use is decided
# at run time (core/kernels/choose_kernels.cpp). `cairn_kernel_sets` lists them, `cairn_flags_SET`
# their flags.
set(cairn_kernel_sets "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(cairn_flags_avx2 -mavx2 -mfma)
  set(cairn_flags_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma)
  set(cairn_kernel_sets avx2 avx512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(cairn_flags_neon "")
  set(cairn_kernel_sets neon)
endif()

function(cairn_kernels target set)
  add_library(${target} OBJECT ${PROJECT_SOURCE_DIR}/${cairn_simd})
  cairn_options(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE ISA=${set})
  target_compile_options(${target} PRIVATE ${cairn_flags_${set}} ${ARGN})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

set(cairn_kernel_definitions "")
if(cairn_simd)
  foreach(set IN LISTS cairn_kernel_sets)
    cairn_kernels(cairn_${set} ${set})
    target_sources(cairn PRIVATE $<TARGET_OBJECTS:cairn_${set}>)
    target_sources(cairn_core INTERFACE $<TARGET_OBJECTS:cairn_${set}>)
    string(TOUPPER ${set} upper)
    list(APPEND cairn_kernel_definitions CAIRN_HAVE_${upper})
  endforeach()
  target_compile_definitions(cairn_core PRIVATE ${cairn_kernel_definitions})
endif()

# The records, for whoever wants them (tests, benchmarks).
if(NOT CAIRN_TOOLS AND NOT CAIRN_TESTS)
  return()
endif()
foreach(precision "" 64)
  if(cairn_records)
    add_library(cairn${precision}_records STATIC EXCLUDE_FROM_ALL ${cairn_records})
    cairn_options(cairn${precision}_records)
    target_link_libraries(cairn${precision}_records PUBLIC cairn${precision})
  else()
    add_library(cairn${precision}_records INTERFACE)
    target_link_libraries(cairn${precision}_records INTERFACE cairn${precision})
  endif()
endforeach()
