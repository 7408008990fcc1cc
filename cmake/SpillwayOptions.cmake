# SPDX-License-Identifier: GPL-3.0-or-later
# Compile options that every target shares: warnings, Qt's strictness, and the sanitizer that a preset asks for.

option(SPILLWAY_WERROR "Treat warnings as errors" OFF)
option(SPILLWAY_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(SPILLWAY_BENCH "Build the micro benchmarks" ON)
set(SPILLWAY_SANITIZE "" CACHE STRING "Comma-separated sanitizers, e.g. address,undefined or thread")

add_library(spillway_options INTERFACE)
target_include_directories(spillway_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(spillway_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
target_compile_definitions(spillway_options INTERFACE
    _GNU_SOURCE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH
    QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # False alarms on std::string and std::optional, of g++ 12 (GCC bugs 105651 and 105562) and, the second, still of g++ 14.
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(spillway_options INTERFACE -Wno-restrict)
    endif()
    target_compile_options(spillway_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(SPILLWAY_WERROR)
    target_compile_options(spillway_options INTERFACE -Werror)
endif()
if(SPILLWAY_SANITIZE)
    target_compile_options(spillway_options INTERFACE -fsanitize=${SPILLWAY_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(spillway_options INTERFACE -fsanitize=${SPILLWAY_SANITIZE})
endif()
if(SPILLWAY_FUZZ)
    # The coverage hooks go into the libraries too, the fuzzing main only into the fuzz targets.
    target_compile_options(spillway_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(SPILLWAY_MOLD mold)
if(SPILLWAY_MOLD AND NOT SPILLWAY_FUZZ)
    target_link_options(spillway_options INTERFACE -fuse-ld=mold)
endif()
find_program(SPILLWAY_CCACHE ccache)
if(SPILLWAY_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${SPILLWAY_CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER "${SPILLWAY_CCACHE}")
endif()
