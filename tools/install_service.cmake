# Run by `cmake --install`: systemd wants absolute paths, and only now is the prefix known. Included
# by the top CMakeLists.txt as
#   install(CODE "set(SPILLWAY_SERVICE_TEMPLATE \"${PROJECT_SOURCE_DIR}/tools/spillway.service.in\")")
#   install(SCRIPT tools/install_service.cmake)
get_filename_component(SPILLWAY_PREFIX "${CMAKE_INSTALL_PREFIX}" ABSOLUTE)
set(unit "$ENV{DESTDIR}${SPILLWAY_PREFIX}/lib/systemd/system/spillway@.service")
configure_file("${SPILLWAY_SERVICE_TEMPLATE}" "${unit}" @ONLY)
message(STATUS "Installing: ${unit}")
list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${SPILLWAY_PREFIX}/lib/systemd/system/spillway@.service")
