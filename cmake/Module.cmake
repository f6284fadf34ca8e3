# Headers that most files include, parsed once for all modules and once for all tests. Each file still includes what it
# uses: -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON builds without.
set(common_headers <algorithm> <array> <charconv> <chrono> <cmath> <filesystem> <functional> <map> <memory> <mutex>
  <optional> <random> <span> <string> <string_view> <thread> <unordered_map> <variant> <vector> <boost/describe.hpp>
  <boost/json.hpp> <fmt/format.h>)
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled.cpp CONTENT "")
add_library(precompiled OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
target_precompile_headers(precompiled PRIVATE ${common_headers})
target_link_libraries(precompiled PRIVATE fmt::fmt)
if(TRADEASSIST_TESTS)
  add_library(precompiled_tests OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_precompile_headers(precompiled_tests PRIVATE ${common_headers} <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(precompiled_tests PRIVATE fmt::fmt GTest::gtest GTest::gmock)
endif()

# tradeassist_module(NAME [SOURCES file...] [TESTS file...] [LINKS target...] [PRECOMPILED header...])
#
# One folder under src/ is one static library. Its headers are included as "<module>/<file>.hpp" through a folder of
# links that holds only that module, so a header is reachable exactly when the module is on the link line: an include
# of a higher floor does not compile. PRECOMPILED are headers to parse once for it beside the common ones. Its unit
# tests, if any, are one program, tradeassist_<module>_tests.
function(tradeassist_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;TESTS;LINKS;PRECOMPILED" ${ARGN})
  set(include_root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${name} SYMBOLIC)

  add_library(${name} STATIC ${arg_SOURCES})
  target_include_directories(${name} PUBLIC ${include_root})
  target_link_libraries(${name} PUBLIC ${arg_LINKS})
  if(arg_PRECOMPILED)
    target_precompile_headers(${name} PRIVATE ${common_headers} ${arg_PRECOMPILED})
  else()
    target_precompile_headers(${name} REUSE_FROM precompiled)
  endif()

  if(TRADEASSIST_TESTS AND arg_TESTS)
    set(tests tradeassist_${name}_tests)
    add_executable(${tests} ${arg_TESTS})
    target_link_libraries(${tests} PRIVATE ${name} GTest::gtest_main GTest::gmock)
    target_compile_definitions(${tests} PRIVATE TRADEASSIST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    target_precompile_headers(${tests} REUSE_FROM precompiled_tests)
    add_test(NAME ${name} COMMAND ${tests})
  endif()
endfunction()
