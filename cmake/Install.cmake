# `cmake --install build/release --prefix FOLDER` makes a folder that can be moved: the program finds everything from
# where it lies. scripts/install.sh calls this, and names the release.
install(TARGETS tradeassist RUNTIME DESTINATION bin)
install(FILES ${DUCKDB_DIRECTORY}/libduckdb.so DESTINATION bin)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/strategies DESTINATION share/tradeassist)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/web/dist/ DESTINATION share/tradeassist/web OPTIONAL)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/deploy DESTINATION share/tradeassist USE_SOURCE_PERMISSIONS)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION share/doc/tradeassist)
install(FILES ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION share/doc/tradeassist)
