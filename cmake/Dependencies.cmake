find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(libpq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(libzip REQUIRED IMPORTED_TARGET libzip)
pkg_check_modules(hiredis REQUIRED IMPORTED_TARGET hiredis)
find_library(DATE_TZ_LIBRARY date-tz REQUIRED)

# Time zones come from the system's zoneinfo files.
add_library(date_tz INTERFACE)
target_compile_definitions(date_tz INTERFACE USE_OS_TZDB=1)
target_link_libraries(date_tz INTERFACE ${DATE_TZ_LIBRARY})

# DuckDB is loaded when a command first needs it, not linked: see src/interchange/duckdb/library.hpp. A program finds the
# library beside itself or where the build found it.
set(DUCKDB_DIRECTORY ${CMAKE_SOURCE_DIR}/build/duckdb CACHE PATH "Folder of duckdb.h and libduckdb.so")
foreach(file duckdb.h libduckdb.so)
  if(NOT EXISTS ${DUCKDB_DIRECTORY}/${file})
    message(FATAL_ERROR "${DUCKDB_DIRECTORY}/${file} is missing; ./run and ./test install it "
                        "(alone: bash -euc '. scripts/common.sh; install_duckdb')")
  endif()
endforeach()
add_library(duckdb INTERFACE)
target_include_directories(duckdb SYSTEM INTERFACE ${DUCKDB_DIRECTORY})
target_link_libraries(duckdb INTERFACE ${CMAKE_DL_LIBS})
set(CMAKE_BUILD_RPATH $ORIGIN ${DUCKDB_DIRECTORY})
set(CMAKE_INSTALL_RPATH $ORIGIN)
