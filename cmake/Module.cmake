# tradeassist_module(NAME [SOURCES file...] [TESTS file...] [LINKS target...])
#
# One folder under src/ is one static library. Its headers are included as "<module>/<file>.hpp" through a folder of
# links that holds only that module, so a header is reachable exactly when the module is on the link line: an include
# of a higher floor does not compile. Its unit tests, if any, are one program, tradeassist_<module>_tests.
function(tradeassist_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;LINKS" ${ARGN})
  set(include_root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${name} SYMBOLIC)

  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${include_root})
  target_link_libraries(${name} PUBLIC ${arg_LINKS})

  if(TRADEASSIST_TESTS AND arg_TESTS)
    set(tests tradeassist_${name}_tests)
    add_executable(${tests} ${arg_TESTS})
    target_link_libraries(${tests} PRIVATE ${name} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${tests} PRIVATE TRADEASSIST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_precompile_headers(${tests} PRIVATE <gtest/gtest.h> <string> <vector>)
    add_test(NAME ${name} COMMAND ${tests})
  endif()
endfunction()
