# libFuzzer targets: the target `fuzzers` of the preset `asan` builds them into build/asan/fuzzers,
# `tools/test --fuzz SECONDS` runs them.

# Everything is instrumented for coverage: fuzzers link the same libraries as the tests.
if(SPILLWAY_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "SPILLWAY_FUZZ needs clang, the compiler is '${CMAKE_CXX_COMPILER_ID}': \
use `cmake --preset asan`")
    endif()
    if(NOT SPILLWAY_SANITIZE STREQUAL "address")
        message(FATAL_ERROR "SPILLWAY_FUZZ needs SPILLWAY_SANITIZE=address: use `cmake --preset asan`")
    endif()
    target_compile_options(spillway_flags INTERFACE -fsanitize=fuzzer-no-link)
    add_custom_target(fuzzers)
endif()

# spillway_fuzzer(NAME SOURCES .. [PLUGIN ..] [LIBRARIES ..] [SEEDS ..]): one executable with
# LLVMFuzzerTestOneInput. PLUGIN names the plugin of this folder whose objects and libraries it is
# linked with. SEEDS are files, or folders whose files are taken, in all depths; their list is
# NAME.seeds beside the executable.
function(spillway_fuzzer NAME)
    if(NOT SPILLWAY_FUZZ)
        return()
    endif()
    cmake_parse_arguments(ARG "" "PLUGIN" "SOURCES;LIBRARIES;SEEDS" ${ARGN})
    add_executable(${NAME}_fuzzer EXCLUDE_FROM_ALL ${ARG_SOURCES})
    set_target_properties(${NAME}_fuzzer PROPERTIES
        OUTPUT_NAME ${NAME} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzzers)
    target_link_libraries(${NAME}_fuzzer PRIVATE spillway_flags Spillway::sdk ${ARG_LIBRARIES})
    target_link_options(${NAME}_fuzzer PRIVATE -fsanitize=fuzzer)
    if(ARG_PLUGIN)
        target_link_libraries(${NAME}_fuzzer PRIVATE ${ARG_PLUGIN}_objects)
    endif()
    add_dependencies(fuzzers ${NAME}_fuzzer)

    set(files)
    foreach(seed ${ARG_SEEDS})
        cmake_path(ABSOLUTE_PATH seed BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        if(IS_DIRECTORY ${seed})
            file(GLOB_RECURSE found CONFIGURE_DEPENDS ${seed}/*)
            list(APPEND files ${found})
        elseif(EXISTS ${seed})
            list(APPEND files ${seed})
        else()
            message(FATAL_ERROR "spillway_fuzzer(${NAME}): there is no seed ${seed}")
        endif()
    endforeach()
    list(JOIN files "," files)
    file(WRITE ${CMAKE_BINARY_DIR}/fuzzers/${NAME}.seeds "${files}")
endfunction()
