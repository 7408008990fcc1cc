# SPDX-License-Identifier: GPL-3.0-or-later
# spillway_library(NAME SOURCES ... DEPS ...): one static library per layer; DEPS is the architecture (docs/architecture.md).
# spillway_test(NAME SOURCES ... DEPS ...):    one GoogleTest executable, registered with ctest under NAME.
# spillway_qtest(NAME SOURCES ... DEPS ...):   the same for a Qt Test executable with its own main.

function(spillway_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC spillway_options ${ARG_DEPS})
endfunction()

function(spillway_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE spillway_options ${ARG_DEPS} GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()

function(spillway_qtest name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
    find_package(Qt6 REQUIRED COMPONENTS Test)
    add_executable(${name} ${ARG_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE spillway_options ${ARG_DEPS} Qt6::Test)
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
endfunction()
