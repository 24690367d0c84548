# What clang needs with the headers of Debian 12, what its sanitizers shall not report, and
# precompiled headers for the whole tree. Builds with GCC, Release among them, have none: they show
# whether files include what they use.

# spillway_precompile_headers(FOLDER): for all targets of the folder and below. The program is among
# the targets of tests, but is no test.
function(spillway_precompile_headers FOLDER)
    if(NOT TARGET spillway_headers)
        return()
    endif()
    get_property(targets DIRECTORY ${FOLDER} PROPERTY BUILDSYSTEM_TARGETS)
    list(REMOVE_ITEM targets spillway_headers spillway_test_headers)
    get_property(tests GLOBAL PROPERTY SPILLWAY_TEST_TARGETS)
    foreach(target ${targets})
        get_target_property(type ${target} TYPE)
        get_target_property(sources ${target} SOURCES)
        if(sources AND type MATCHES "^(OBJECT|STATIC|SHARED|MODULE)_LIBRARY$")
            target_precompile_headers(${target} REUSE_FROM spillway_headers)
        elseif(sources AND type STREQUAL "EXECUTABLE" AND target IN_LIST tests
               AND NOT target STREQUAL "spillway_cli")
            target_precompile_headers(${target} REUSE_FROM spillway_test_headers)
        endif()
    endforeach()
    get_property(subfolders DIRECTORY ${FOLDER} PROPERTY SUBDIRECTORIES)
    foreach(subfolder ${subfolders})
        spillway_precompile_headers(${subfolder})
    endforeach()
endfunction()

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    return()
endif()

# Clang 18 and later refuse an assignment in RapidJSON 1.1's document.h that nobody calls: they read a
# copy without it.
find_path(rapidjson_folder rapidjson/document.h REQUIRED NO_CACHE)
set(copies ${CMAKE_BINARY_DIR}/include/clang)
file(COPY ${rapidjson_folder}/rapidjson DESTINATION ${copies} PATTERN document.h EXCLUDE)
file(READ ${rapidjson_folder}/rapidjson/document.h document)
string(REPLACE " length = rhs.length; " " " document "${document}")
file(CONFIGURE OUTPUT ${copies}/rapidjson/document.h CONTENT "${document}" @ONLY)
target_include_directories(spillway_flags SYSTEM INTERFACE ${copies})

if(SPILLWAY_SANITIZE STREQUAL "address")
    set(ignorelist ${CMAKE_CURRENT_LIST_DIR}/sanitizer_ignorelist.txt)
    target_compile_options(spillway_flags INTERFACE -fsanitize-ignorelist=${ignorelist})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ignorelist})
endif()

# Two, since position independence and optimisation must be those of who reads them.
set(empty ${CMAKE_BINARY_DIR}/headers.cpp)
file(CONFIGURE OUTPUT ${empty} CONTENT "int main() {}\n")
set(headers
    <algorithm> <array> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <mutex>
    <optional> <random> <ranges> <regex> <set> <span> <sstream> <string> <string_view> <thread>
    <unordered_map> <utility> <variant> <vector>
    <fmt/chrono.h> <fmt/format.h> <fmt/ranges.h> <tl/expected.hpp>)
add_library(spillway_headers OBJECT EXCLUDE_FROM_ALL ${empty})
target_link_libraries(spillway_headers PRIVATE spillway_flags fmt::fmt)
target_precompile_headers(spillway_headers PRIVATE ${headers})
if(SPILLWAY_TESTS)
    add_executable(spillway_test_headers EXCLUDE_FROM_ALL ${empty})
    target_compile_options(spillway_test_headers PRIVATE ${spillway_test_options})
    target_link_libraries(spillway_test_headers PRIVATE spillway_flags fmt::fmt GTest::gmock)
    target_precompile_headers(spillway_test_headers PRIVATE
        ${headers} <gmock/gmock.h> <gtest/gtest.h>)
endif()
