# copy_of_cairn(FOLDER SOURCES...): a copy of Cairn that has all headers and build files but few
# sources, so that it soon builds. The rest is compiled by the build that the tests belong to; that
# an outside project would compile it alike is for check_flags.cmake to see.
function(copy_of_cairn folder)
  foreach(file CMakeLists.txt CMakePresets.json Makefile cairn.h cmake scripts ${ARGN})
    cmake_path(GET file PARENT_PATH parent)
    file(COPY ${SOURCE}/${file} DESTINATION ${folder}/${parent})
  endforeach()
  foreach(part core nn optim text models train)
    file(COPY ${SOURCE}/${part} DESTINATION ${folder} FILES_MATCHING PATTERN "*.h")
  endforeach()
  file(WRITE ${folder}/core/kernels/reference.cpp "")  # so that the list of these is not empty
endfunction()
