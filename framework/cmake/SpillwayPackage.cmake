# The SDK as a CMake package, for plugins outside of this tree: headers, libspillway and
# lib/cmake/Spillway, in the build tree and in an installed prefix alike.
include(CMakePackageConfigHelpers)

set(manifest ${PROJECT_SOURCE_DIR}/framework/sdk/include/spillway/manifest.hpp)
file(STRINGS ${manifest} SPILLWAY_ABI REGEX "abi_number = [0-9]+")
string(REGEX REPLACE ".*abi_number = ([0-9]+).*" "\\1" SPILLWAY_ABI "${SPILLWAY_ABI}")
if(NOT SPILLWAY_ABI MATCHES "^[0-9]+$")
    message(FATAL_ERROR "no abi_number in ${manifest}")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})

set(package ${CMAKE_BINARY_DIR}/lib/cmake/Spillway)
configure_file(${CMAKE_CURRENT_LIST_DIR}/SpillwayConfig.cmake.in
               ${CMAKE_CURRENT_BINARY_DIR}/SpillwayConfig.cmake.in @ONLY)
# The second pass knows the file names of targets.
file(GENERATE OUTPUT ${package}/SpillwayConfig.cmake
     INPUT ${CMAKE_CURRENT_BINARY_DIR}/SpillwayConfig.cmake.in)
# Before 1.0 a new minor version may break plugins.
write_basic_package_version_file(${package}/SpillwayConfigVersion.cmake
    VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
configure_file(${CMAKE_CURRENT_LIST_DIR}/SpillwayTargets.cmake ${package}/SpillwayTargets.cmake
               COPYONLY)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/framework/sdk/include/spillway
     ${CMAKE_BINARY_DIR}/include/spillway SYMBOLIC)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/framework/sdk/include/spillway
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${package}/SpillwayConfig.cmake ${package}/SpillwayConfigVersion.cmake
              ${package}/SpillwayTargets.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Spillway)
