# Install rules: libraries, headers under include/cairn/, CMake package, pkg-config files, program.
include(CMakePackageConfigHelpers)
include(ProcessorCount)

# Installing begins with building what is installed, which `make` and `make demo` do only in part.
add_custom_target(cairn_installed DEPENDS cairn cairn64 $<TARGET_NAME_IF_EXISTS:cairn_tool>)
ProcessorCount(processors)
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${PROJECT_BINARY_DIR}\"
                              --config \"\${CMAKE_INSTALL_CONFIG_NAME}\" --target cairn_installed
                              --parallel ${processors}
                              COMMAND_ERROR_IS_FATAL ANY)")

install(TARGETS cairn cairn64 EXPORT cairnTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
# The public headers are those that cairn.h names.
file(STRINGS cairn.h headers REGEX "^#include \"")
list(TRANSFORM headers REPLACE "#include \"(.*)\"" "\\1")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cairn.h)
foreach(header cairn.h ${headers})
  cmake_path(GET header PARENT_PATH folder)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cairn/${folder})
endforeach()
if(TARGET cairn_tool)
  install(TARGETS cairn_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/cairn)
install(EXPORT cairnTargets NAMESPACE cairn:: DESTINATION ${package_folder})
configure_package_config_file(cmake/cairnConfig.cmake.in cairnConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(cairnConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cairnConfig.cmake
              ${PROJECT_BINARY_DIR}/cairnConfigVersion.cmake
        DESTINATION ${package_folder})

# The .pc files find the prefix from their own place, so an installed tree can be moved.
cmake_path(SET pc_folder ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY ${pc_folder}
           OUTPUT_VARIABLE pc_to_prefix)
foreach(name cairn cairn64)
  configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()
