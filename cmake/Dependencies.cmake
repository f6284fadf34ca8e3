find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(PkgConfig REQUIRED)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
find_library(DATE_TZ_LIBRARY date-tz REQUIRED)

# Time zones come from the system's zoneinfo files.
add_library(date_tz INTERFACE)
target_compile_definitions(date_tz INTERFACE USE_OS_TZDB=1)
target_link_libraries(date_tz INTERFACE ${DATE_TZ_LIBRARY})
