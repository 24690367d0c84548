# How plugins and their tests are built: in this tree, and out of it as a part of the CMake package.

if(TARGET spillway_flags)
    return()
endif()
add_library(spillway_flags INTERFACE)
target_compile_options(spillway_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor)
# Nobody's build breaks for the warnings of another compiler but ours.
if(NOT TARGET Spillway::spillway)
    target_compile_options(spillway_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Werror>)
endif()
# To clang, -Wconversion means signs as well.
target_compile_options(spillway_flags INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
# GCC 12 sees overlapping copies in std::string's operator+ that are not there.
target_compile_options(spillway_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(SPILLWAY_SANITIZE STREQUAL "address")
    target_compile_options(spillway_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
        # With its checks in between GCC 12 takes parts of std::regex for uninitialised.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(spillway_flags INTERFACE -fsanitize=address,undefined)
elseif(SPILLWAY_SANITIZE STREQUAL "thread")
    target_compile_options(spillway_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer
        # GCC warns that TSan does not model fences; oneTBB's headers use them.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    target_link_options(spillway_flags INTERFACE -fsanitize=thread)
elseif(SPILLWAY_SANITIZE)
    message(FATAL_ERROR "SPILLWAY_SANITIZE is '${SPILLWAY_SANITIZE}'; use 'address', 'thread' or nothing")
endif()

# Tests under sanitizers compile in half the time, and run mostly in code that is optimised. Without
# the definition objects of simdjson would look different in both.
set(spillway_test_options)
if(SPILLWAY_SANITIZE)
    set(spillway_test_options -O0)
    target_compile_definitions(spillway_flags INTERFACE SIMDJSON_DEVELOPMENT_CHECKS=0)
endif()

# spillway_test(NAME SOURCES .. [LIBRARIES ..] [SLOW]): one GoogleTest executable, one ctest entry.
function(spillway_test NAME)
    cmake_parse_arguments(ARG "SLOW" "" "SOURCES;LIBRARIES" ${ARGN})
    if(NOT SPILLWAY_TESTS)
        return()
    endif()
    add_executable(${NAME} ${ARG_SOURCES})
    target_compile_options(${NAME} PRIVATE ${spillway_test_options})
    target_link_libraries(${NAME} PRIVATE spillway_flags ${ARG_LIBRARIES} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${NAME} PRIVATE
        SPILLWAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SPILLWAY_BINARY_DIR="${PROJECT_BINARY_DIR}")
    set_target_properties(${NAME} PROPERTIES
        CXX_EXTENSIONS OFF RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(NOT TARGET Spillway::spillway)
        set_target_properties(${NAME} PROPERTIES EXCLUDE_FROM_ALL ON)  # the target `tests` has them
    endif()
    add_test(NAME ${NAME} COMMAND ${NAME})
    if(ARG_SLOW)
        set_tests_properties(${NAME} PROPERTIES LABELS slow)
    endif()
    set_property(GLOBAL APPEND PROPERTY SPILLWAY_TEST_TARGETS ${NAME})
endfunction()

# spillway_plugin(NAME SOURCES .. [TESTS ..] [LIBRARIES ..]): lib/spillway/plugins/NAME.so, and a
# test executable. Sources are compiled once, in the target NAME_objects, from which the plugin, its
# test and its fuzzers are linked: definitions and folders of your own belong there. A plugin sees the
# SDK, its own folder and, in the tree, plugins/common. Tests find their files in SPILLWAY_TEST_DIR,
# the plugin's folder.
function(spillway_plugin NAME)
    cmake_parse_arguments(ARG "" "" "SOURCES;TESTS;LIBRARIES" ${ARGN})
    add_library(${NAME}_objects OBJECT ${ARG_SOURCES})
    set_target_properties(${NAME}_objects PROPERTIES CXX_EXTENSIONS OFF
        POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    target_include_directories(${NAME}_objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
    if(NOT TARGET Spillway::spillway)
        target_include_directories(${NAME}_objects PUBLIC ${PROJECT_SOURCE_DIR}/plugins)
    endif()
    target_link_libraries(${NAME}_objects PUBLIC spillway_flags Spillway::sdk ${ARG_LIBRARIES})

    add_library(${NAME}_plugin MODULE)
    set_target_properties(${NAME}_plugin PROPERTIES
        PREFIX "" OUTPUT_NAME ${NAME} LINKER_LANGUAGE CXX
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/spillway/plugins
        INSTALL_RPATH "$ORIGIN/../..")
    target_link_libraries(${NAME}_plugin PRIVATE ${NAME}_objects ${ARG_LIBRARIES})
    # The sanitizers of clang are in the program that loads the plugin.
    if(NOT (SPILLWAY_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang"))
        target_link_options(${NAME}_plugin PRIVATE -Wl,--no-undefined)
    endif()
    install(TARGETS ${NAME}_plugin LIBRARY DESTINATION lib/spillway/plugins)
    set_property(GLOBAL APPEND PROPERTY SPILLWAY_PLUGIN_TARGETS ${NAME}_plugin)
    if(ARG_TESTS)
        set_source_files_properties(${ARG_TESTS} PROPERTIES
            COMPILE_DEFINITIONS SPILLWAY_TEST_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
        spillway_test(${NAME}_test SOURCES ${ARG_TESTS}
                      LIBRARIES ${NAME}_objects ${ARG_LIBRARIES})
    endif()
endfunction()
