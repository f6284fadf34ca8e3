#include "interchange/duckdb/table_function.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <exception>
#include <utility>

namespace tradeassist::interchange {
namespace {

/// For callbacks: the library is loaded, since it calls them.
const DuckdbLibrary& loaded_library() { return **duckdb_library(); }

struct Scan {
  const DuckdbLibrary& library;
  Table table;
  std::vector<std::size_t> wanted;  // columns, as the query asks for them
  std::size_t next = 0;             // row
};

template <class T>
void destroy(void* object) {
  delete static_cast<T*>(object);
}

duckdb_type type_of(CellType type) {
  constexpr std::array kTypes = {DUCKDB_TYPE_TIMESTAMP_NS, DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_VARCHAR};
  return kTypes[static_cast<std::size_t>(type)];
}

/// A VARCHAR argument; nothing when it was not given or is NULL.
std::optional<std::string> take_text(const DuckdbLibrary& library, duckdb_value value) {
  if (value == nullptr) return std::nullopt;
  std::optional<std::string> text;
  if (!library.is_null_value(value)) {
    char* const owned = library.get_varchar(value);
    text = owned;
    library.free(owned);
  }
  library.destroy_value(&value);
  return text;
}

void bind(duckdb_bind_info info) {
  const DuckdbLibrary& library = loaded_library();
  const auto& function = *static_cast<const TableFunction*>(library.bind_get_extra_info(info));
  auto arguments = std::make_unique<Arguments>();
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    auto text = take_text(library, library.bind_get_parameter(info, i));
    if (!text) {
      const std::string& name = function.parameters[i];
      library.bind_set_error(info, (function.name + ": " + name + " is NULL").c_str());
      return;
    }
    arguments->positional.push_back(std::move(*text));
  }
  for (const std::string& name : function.named_parameters) {
    if (auto text = take_text(library, library.bind_get_named_parameter(info, name.c_str())))
      arguments->named[name] = std::move(*text);
  }
  for (const TableFunction::Column& column : function.columns) {
    duckdb_logical_type type = library.create_logical_type(type_of(column.type));
    library.bind_add_result_column(info, column.name.c_str(), type);
    library.destroy_logical_type(&type);
  }
  library.bind_set_bind_data(info, arguments.release(), destroy<Arguments>);
}

void init(duckdb_init_info info) {
  const DuckdbLibrary& library = loaded_library();
  const auto& function = *static_cast<const TableFunction*>(library.init_get_extra_info(info));
  const auto& arguments = *static_cast<const Arguments*>(library.init_get_bind_data(info));
  try {
    auto table = function.read(arguments);
    if (!table) {
      library.init_set_error(info, table.error().message.c_str());
      return;
    }
    auto scan = std::make_unique<Scan>(library, std::move(*table));
    const std::size_t count = library.init_get_column_count(info);
    for (std::size_t i = 0; i < count; ++i) scan->wanted.push_back(library.init_get_column_index(info, i));
    library.init_set_init_data(info, scan.release(), destroy<Scan>);
  } catch (const std::exception& exception) {  // must not cross the engine
    library.init_set_error(info, exception.what());
  }
}

/// Marks the rows whose value `is_missing` says is none.
template <class T, class IsMissing>
void mark_missing(const DuckdbLibrary& library, duckdb_vector vector, std::span<const T> values, IsMissing is_missing) {
  if (std::ranges::none_of(values, is_missing)) return;
  library.vector_ensure_validity_writable(vector);
  std::uint64_t* const validity = library.vector_get_validity(vector);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_missing(values[i])) validity[i / 64] &= ~(std::uint64_t{1} << (i % 64));
  }
}

void fill(const Scan& scan, duckdb_vector vector, const Cells& cells, std::size_t rows) {
  const auto copy = [&]<class T>(std::span<const T> all) {
    const std::span<const T> some = all.subspan(scan.next, rows);
    std::memcpy(scan.library.vector_get_data(vector), some.data(), some.size_bytes());
    return some;
  };
  if (const auto* times = std::get_if<Times>(&cells)) {
    mark_missing(scan.library, vector, copy(times->values), [](std::int64_t time) { return time == kNoTime; });
  } else if (const auto* numbers = std::get_if<std::span<const double>>(&cells)) {
    const auto some = copy(*numbers);
    if (scan.table.nan_is_null)
      mark_missing(scan.library, vector, some, [](double number) { return std::isnan(number); });
  } else if (const auto* counts = std::get_if<std::span<const std::int64_t>>(&cells)) {
    copy(*counts);
  } else {
    const auto& texts = std::get<std::vector<std::string>>(cells);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::string& text = texts[scan.next + i];
      scan.library.vector_assign_string_element_len(vector, i, text.data(), text.size());
    }
  }
}

/// Goes on to the next part that has rows, where this one is at its end.
base::Result<void> go_on(Scan& scan) {
  while (scan.next == scan.table.rows && scan.table.more) {
    auto more = std::move(scan.table.more);
    TRY_ASSIGN(auto part, more());
    if (!part) return {};
    scan.table = std::move(*part);
    scan.table.more = std::move(more);
    scan.next = 0;
  }
  return {};
}

void next_rows(duckdb_function_info info, duckdb_data_chunk output) {
  const DuckdbLibrary& library = loaded_library();
  auto& scan = *static_cast<Scan*>(library.function_get_init_data(info));
  try {
    if (const auto gone_on = go_on(scan); !gone_on) {
      library.function_set_error(info, gone_on.error().message.c_str());
      return;
    }
  } catch (const std::exception& exception) {  // must not cross the engine
    library.function_set_error(info, exception.what());
    return;
  }
  const std::size_t rows = std::min<std::size_t>(library.vector_size(), scan.table.rows - scan.next);
  for (std::size_t i = 0; i < scan.wanted.size() && rows > 0; ++i) {
    // A query that counts rows asks for a column that is none.
    if (scan.wanted[i] < scan.table.columns.size())
      fill(scan, library.data_chunk_get_vector(output, i), scan.table.columns[scan.wanted[i]], rows);
  }
  scan.next += rows;
  library.data_chunk_set_size(output, rows);
}

}  // namespace

base::Result<void> register_table_function(Connection& connection, TableFunction function) {
  const DuckdbLibrary& library = connection.library();
  duckdb_table_function made = library.create_table_function();
  library.table_function_set_name(made, function.name.c_str());
  duckdb_logical_type text = library.create_logical_type(DUCKDB_TYPE_VARCHAR);
  for (std::size_t i = 0; i < function.parameters.size(); ++i) library.table_function_add_parameter(made, text);
  for (const std::string& name : function.named_parameters)
    library.table_function_add_named_parameter(made, name.c_str(), text);
  library.destroy_logical_type(&text);
  library.table_function_set_bind(made, bind);
  library.table_function_set_init(made, init);
  library.table_function_set_function(made, next_rows);
  library.table_function_supports_projection_pushdown(made, true);
  const std::string name = function.name;
  library.table_function_set_extra_info(made, new TableFunction(std::move(function)), destroy<TableFunction>);
  const bool done = library.register_table_function(connection.handle(), made) == DuckDBSuccess;
  library.destroy_table_function(&made);
  if (!done) return base::failure(base::ErrorCode::kInternal, "DuckDB refuses the table function " + name);
  return {};
}

}  // namespace tradeassist::interchange
