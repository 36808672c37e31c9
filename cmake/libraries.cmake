# cairn (real = float) and cairn64 (real = double) from one source, side by side in one program.
include(CheckCXXCompilerFlag)

# One object library per layer, so that a program can be built from the layers it needs alone
# (cmake/tutorials.cmake). Each may use those before it.
set(cairn_layers plain core io inspect nn text models train)
# cairn_layer(LAYER PATTERN...): adds these files to a layer, but for those that are in one already.
# A pattern with a * goes down into folders.
function(cairn_layer layer)
  set(sources "")
  foreach(pattern IN LISTS ARGN)
    if(pattern MATCHES "[*]")
      file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${pattern})
    else()
      file(GLOB found CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${pattern})
    endif()
    list(APPEND sources ${found})
  endforeach()
  list(REMOVE_ITEM sources "" ${cairn_sources})
  set(cairn_sources_${layer} ${cairn_sources_${layer}} ${sources} PARENT_SCOPE)
  set(cairn_sources ${cairn_sources} ${sources} PARENT_SCOPE)
endfunction()

set(cairn_sources "")
cairn_layer(simd core/kernels/simd.cpp)
# The list of the ops' records is for tests, benchmarks and docs, never in the library.
cairn_layer(records core/ops/records/records*.cpp)
# The files in plain namespace cairn do not depend on `real`. They are compiled once, into cairn,
# which cairn64 links: plain, io and text. The rest of core, nn, optim and models is in both.
cairn_layer(plain core/block.cpp core/error.cpp core/check.cpp core/shape.cpp core/ids.cpp
            core/more/create_ids.cpp core/rows.cpp core/order.cpp core/parallel.cpp core/random.cpp
            core/nearest_name.cpp core/kernels/scratch.cpp optim/linear_schedule.cpp)
cairn_layer(inspect core/io/tensor_file.cpp)
cairn_layer(io core/io/*.cpp core/inspect/page.cpp core/inspect/trace_style.cpp
            core/inspect/trace_script.cpp core/inspect/trace_charts.cpp
            models/bert/config_fields.cpp)
cairn_layer(core core/inspect/print.cpp)  # which << of a tensor needs
cairn_layer(inspect core/inspect/*.cpp)
cairn_layer(core core/*.cpp)
cairn_layer(nn nn/*.cpp optim/*.cpp)
cairn_layer(text text/*.cpp)
cairn_layer(models models/*.cpp)
cairn_layer(train train/*.cpp)
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
  set(precompiled "")
  foreach(layer IN LISTS ARGN)
    if(cairn_sources_${layer})
      add_library(${name}_${layer} OBJECT ${cairn_sources_${layer}})
      cairn_library_options(${name}_${layer})
      cairn_precompile(${name}_${layer} ${precompiled})
      if(NOT precompiled)
        set(precompiled REUSE_FROM ${name}_${layer})
      endif()
      list(APPEND objects $<TARGET_OBJECTS:${name}_${layer}>)
    endif()
  endforeach()
  set(${name}_objects ${objects} PARENT_SCOPE)
  add_library(${name} STATIC ${objects})
  add_library(cairn::${name} ALIAS ${name})
  cairn_library_options(${name})
endfunction()

cairn_library(cairn ${cairn_layers})
cairn_library(cairn64 core inspect nn models)
foreach(target cairn64 cairn64_core cairn64_inspect cairn64_nn cairn64_models)
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
  add_library(${target} OBJECT ${PROJECT_SOURCE_DIR}/${cairn_sources_simd})
  cairn_options(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${target} PRIVATE ISA=${set})
  target_compile_options(${target} PRIVATE ${cairn_flags_${set}} ${ARGN})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

set(cairn_kernel_definitions "")
if(cairn_sources_simd)
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
  if(cairn_sources_records)
    add_library(cairn${precision}_records STATIC EXCLUDE_FROM_ALL ${cairn_sources_records})
    cairn_options(cairn${precision}_records)
    target_link_libraries(cairn${precision}_records PUBLIC cairn${precision})
  else()
    add_library(cairn${precision}_records INTERFACE)
    target_link_libraries(cairn${precision}_records INTERFACE cairn${precision})
  endif()
endforeach()
