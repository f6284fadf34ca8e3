#pragma once

#include <duckdb.h>

#include "base/result.hpp"

namespace tradeassist::interchange {

/// The functions of DuckDB's C API that this module calls, under their names without `duckdb_`.
///
/// The library is loaded at the first call, not linked: its 65 MB would cost every start of the program 8 ms or more,
/// of which a command that asks for no SQL, Parquet or odd CSV file would have nothing.
#define TRADEASSIST_DUCKDB_FUNCTIONS(X)          \
  X(create_config)                               \
  X(set_config)                                  \
  X(destroy_config)                              \
  X(open_ext)                                    \
  X(close)                                       \
  X(connect)                                     \
  X(disconnect)                                  \
  X(interrupt)                                   \
  X(free)                                        \
  X(extract_statements)                          \
  X(extract_statements_error)                    \
  X(destroy_extracted)                           \
  X(prepare_extracted_statement)                 \
  X(prepare_error)                               \
  X(destroy_prepare)                             \
  X(execute_prepared)                            \
  X(execute_prepared_streaming)                  \
  X(destroy_result)                              \
  X(result_error)                                \
  X(result_error_type)                           \
  X(column_count)                                \
  X(column_name)                                 \
  X(column_type)                                 \
  X(fetch_chunk)                                 \
  X(destroy_data_chunk)                          \
  X(data_chunk_get_size)                         \
  X(data_chunk_set_size)                         \
  X(data_chunk_get_vector)                       \
  X(vector_size)                                 \
  X(vector_get_data)                             \
  X(vector_get_validity)                         \
  X(vector_ensure_validity_writable)             \
  X(vector_assign_string_element_len)            \
  X(create_logical_type)                         \
  X(destroy_logical_type)                        \
  X(get_varchar)                                 \
  X(is_null_value)                               \
  X(destroy_value)                               \
  X(create_table_function)                       \
  X(destroy_table_function)                      \
  X(table_function_set_name)                     \
  X(table_function_add_parameter)                \
  X(table_function_add_named_parameter)          \
  X(table_function_set_extra_info)               \
  X(table_function_set_bind)                     \
  X(table_function_set_init)                     \
  X(table_function_set_function)                 \
  X(table_function_supports_projection_pushdown) \
  X(register_table_function)                     \
  X(bind_get_extra_info)                         \
  X(bind_add_result_column)                      \
  X(bind_get_parameter)                          \
  X(bind_get_named_parameter)                    \
  X(bind_set_bind_data)                          \
  X(bind_set_error)                              \
  X(init_get_extra_info)                         \
  X(init_get_bind_data)                          \
  X(init_set_init_data)                          \
  X(init_get_column_count)                       \
  X(init_get_column_index)                       \
  X(init_set_error)                              \
  X(function_get_init_data)                      \
  X(function_set_error)

struct DuckdbLibrary {
#define TRADEASSIST_DUCKDB_POINTER(name) decltype(&::duckdb_##name) name = nullptr;
  TRADEASSIST_DUCKDB_FUNCTIONS(TRADEASSIST_DUCKDB_POINTER)
#undef TRADEASSIST_DUCKDB_POINTER
};

/// The library, loaded once and never unloaded. kFailedPrecondition says where libduckdb.so was looked for.
/// Thread-safe.
base::Result<const DuckdbLibrary*> duckdb_library();

}  // namespace tradeassist::interchange
