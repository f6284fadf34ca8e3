// Linear algebra of matrices. Decompositions are Eigen's.
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backtest/evaluator/heap/collection_functions.hpp"

namespace tradeassist::backtest {
namespace {

using pine::Function;
using pine::ValueType;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kNa = std::numeric_limits<double>::quiet_NaN();
constexpr double kTolerance = 1e-10;  // within which numbers are equal, as for ==

Matrix matrix_of(const Object& object) {
  return Eigen::Map<const Matrix>(object.elements.values().data(), object.rows, object.columns);
}

double give(const Matrix& matrix, ValueType element, CollectionContext& context) {
  return context.heap.make_matrix(element, static_cast<std::size_t>(matrix.rows()),
                                  static_cast<std::size_t>(matrix.cols()),
                                  {matrix.data(), static_cast<std::size_t>(matrix.size())}, context.fault);
}

bool is_zero(double value) { return std::fabs(value) <= kTolerance; }

/// Whether every element is as the predicate wants it at its row and column.
template <class Wanted>
double holds(const Matrix& m, const Wanted& wanted) {
  for (Eigen::Index row = 0; row < m.rows(); ++row) {
    for (Eigen::Index column = 0; column < m.cols(); ++column) {
      if (!wanted(row, column, m(row, column))) return 0;
    }
  }
  return 1;
}

double has_property(Function function, const Matrix& m) {
  const bool square = m.rows() == m.cols();
  const Eigen::Index last = m.cols() - 1;
  switch (function) {
    case Function::kMatrixIsSquare: return square ? 1 : 0;
    case Function::kMatrixIsZero: return holds(m, [](auto, auto, double x) { return is_zero(x); });
    case Function::kMatrixIsBinary: return holds(m, [](auto, auto, double x) { return is_zero(x) || is_zero(x - 1); });
    case Function::kMatrixIsIdentity:
      return square ? holds(m, [](auto r, auto c, double x) { return is_zero(x - (r == c ? 1 : 0)); }) : 0;
    case Function::kMatrixIsDiagonal:
      return square ? holds(m, [](auto r, auto c, double x) { return r == c || is_zero(x); }) : 0;
    case Function::kMatrixIsAntidiagonal:
      return square ? holds(m, [&](auto r, auto c, double x) { return r + c == last || is_zero(x); }) : 0;
    case Function::kMatrixIsSymmetric:
      return square ? holds(m, [&](auto r, auto c, double x) { return is_zero(x - m(c, r)); }) : 0;
    case Function::kMatrixIsAntisymmetric:
      return square ? holds(m, [&](auto r, auto c, double x) { return is_zero(x + m(c, r)); }) : 0;
    case Function::kMatrixIsTriangular:
      return square && (holds(m, [](auto r, auto c, double x) { return r >= c || is_zero(x); }) != 0 ||
                        holds(m, [](auto r, auto c, double x) { return r <= c || is_zero(x); }) != 0)
                 ? 1
                 : 0;
    default: {  // stochastic: no element below 0, every row adds up to 1
      if (holds(m, [](auto, auto, double x) { return x >= 0; }) == 0) return 0;
      for (Eigen::Index row = 0; row < m.rows(); ++row) {
        if (!is_zero(m.row(row).sum() - 1)) return 0;
      }
      return m.size() > 0 ? 1 : 0;
    }
  }
}

bool must_be_square(const Matrix& m, CollectionContext& context) {
  if (m.rows() != m.cols()) {
    context.fault.message = fmt::format("the matrix must be square, is {} by {}", m.rows(), m.cols());
  }
  return m.rows() == m.cols();
}

/// Inverse by Moore and Penrose, from the singular values.
Matrix pseudo_inverse(const Matrix& m) {
  if (m.size() == 0) return Matrix(m.cols(), m.rows());
  if (!m.allFinite()) return Matrix::Constant(m.cols(), m.rows(), kNa);
  const Eigen::JacobiSVD<Eigen::MatrixXd> svd(m, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const auto& singular = svd.singularValues();
  const double smallest = singular.size() == 0 ? 0
                                               : std::numeric_limits<double>::epsilon() *
                                                     static_cast<double>(std::max(m.rows(), m.cols())) * singular(0);
  Eigen::VectorXd inverted = singular;
  for (double& value : inverted) value = value > smallest ? 1 / value : 0;
  return svd.matrixV() * inverted.asDiagonal() * svd.matrixU().transpose();
}

double eigen(Function function, const Matrix& m, CollectionContext& context) {
  if (!must_be_square(m, context)) return kNa;
  Eigen::VectorXd values = Eigen::VectorXd::Constant(m.rows(), kNa);  // where nothing is known
  Matrix vectors = Matrix::Constant(m.rows(), m.cols(), kNa);
  if (m.size() == 0 || !m.allFinite()) {
    // Nothing to solve.
  } else if (has_property(Function::kMatrixIsSymmetric, m) != 0) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(m);
    if (solver.info() == Eigen::Success) {
      values = solver.eigenvalues();
      vectors = solver.eigenvectors();
    }
  } else {  // real parts, as Pine has no complex numbers
    const Eigen::EigenSolver<Eigen::MatrixXd> solver(m);
    if (solver.info() == Eigen::Success) {
      values = solver.eigenvalues().real();
      vectors = solver.eigenvectors().real();
    }
  }
  if (function == Function::kMatrixEigenvectors) return give(vectors, ValueType::kFloat, context);
  return context.heap.make_array(ValueType::kFloat, std::vector<double>(values.begin(), values.end()), context.fault);
}

Matrix power(Matrix base, double exponent) {
  Matrix result = Matrix::Identity(base.rows(), base.cols());
  for (auto n = static_cast<std::uint64_t>(exponent); n > 0; n >>= 1) {
    if ((n & 1) != 0) result = (result * base).eval();
    base = (base * base).eval();
  }
  return result;
}

Matrix kronecker(const Matrix& a, const Matrix& b) {
  Matrix made(a.rows() * b.rows(), a.cols() * b.cols());
  for (Eigen::Index row = 0; row < a.rows(); ++row) {
    for (Eigen::Index column = 0; column < a.cols(); ++column) {
      made.block(row * b.rows(), column * b.cols(), b.rows(), b.cols()) = a(row, column) * b;
    }
  }
  return made;
}

double combined(const CollectionCall& call, const Matrix& a, ValueType element, CollectionContext& context) {
  const double scalar = call.argument(1);
  switch (call.function) {
    case Function::kMatrixSumScalar: return give((a.array() + scalar).matrix(), element, context);
    case Function::kMatrixDiffScalar: return give((a.array() - scalar).matrix(), element, context);
    case Function::kMatrixMultScalar: return give(a * scalar, element, context);
    case Function::kMatrixMultArray: {
      Object* array = array_argument(call, 1, context);
      if (array == nullptr) return kNa;
      const auto values = context.heap.elements(*array, context.fault);
      if (!context.fault.message.empty()) return kNa;
      if (static_cast<Eigen::Index>(values.size()) != a.cols()) {
        context.fault.message =
            fmt::format("a matrix of {} columns cannot be multiplied by an array of {}", a.cols(), values.size());
        return kNa;
      }
      const Eigen::VectorXd product =
          a * Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
      return context.heap.make_array(element, std::vector<double>(product.begin(), product.end()), context.fault);
    }
    default: break;
  }
  const Object* other = matrix_argument(call, 1, context);
  if (other == nullptr) return kNa;
  const Matrix b = matrix_of(*other);
  if (call.function == Function::kMatrixKron) {
    if (!context.heap.may_make(std::uint64_t(a.size()) * std::uint64_t(b.size()), context.fault)) return kNa;
    return give(kronecker(a, b), element, context);
  }
  const bool is_product = call.function == Function::kMatrixMult;
  if (is_product ? a.cols() != b.rows() : a.rows() != b.rows() || a.cols() != b.cols()) {
    context.fault.message =
        fmt::format("matrices of {} by {} and {} by {} do not fit", a.rows(), a.cols(), b.rows(), b.cols());
    return kNa;
  }
  if (is_product) {
    if (!context.heap.may_make(std::uint64_t(a.rows()) * std::uint64_t(b.cols()), context.fault)) return kNa;
    return give(a * b, element, context);
  }
  return give(call.function == Function::kMatrixSum ? Matrix(a + b) : Matrix(a - b), element, context);
}

}  // namespace

double matrix_algebra(const CollectionCall& call, const Object& object, CollectionContext& context) {
  const Matrix m = matrix_of(object);
  const ValueType element = object.element;
  switch (call.function) {
    case Function::kMatrixTranspose: return give(m.transpose(), element, context);
    case Function::kMatrixTrace: return must_be_square(m, context) ? m.trace() : kNa;
    case Function::kMatrixDet: return must_be_square(m, context) ? m.determinant() : kNa;
    case Function::kMatrixRank:
      return m.size() == 0 ? 0 : static_cast<double>(Eigen::FullPivLU<Eigen::MatrixXd>(m).rank());
    case Function::kMatrixInv: {
      if (!must_be_square(m, context)) return kNa;
      if (m.size() == 0) return give(m, ValueType::kFloat, context);
      const Eigen::FullPivLU<Eigen::MatrixXd> decomposition(m);
      if (!decomposition.isInvertible())
        return give(Matrix::Constant(m.rows(), m.cols(), kNa), ValueType::kFloat, context);
      return give(decomposition.inverse(), ValueType::kFloat, context);
    }
    case Function::kMatrixPinv: return give(pseudo_inverse(m), ValueType::kFloat, context);
    case Function::kMatrixEigenvalues:
    case Function::kMatrixEigenvectors: return eigen(call.function, m, context);
    case Function::kMatrixPow:
      if (!must_be_square(m, context)) return kNa;
      if (!(call.argument(1) >= 0)) {
        context.fault.message = "the power of a matrix must not be negative";
        return kNa;
      }
      return give(power(m, std::min(call.argument(1), 1e9)), element, context);
    case Function::kMatrixSum:
    case Function::kMatrixSumScalar:
    case Function::kMatrixDiff:
    case Function::kMatrixDiffScalar:
    case Function::kMatrixMult:
    case Function::kMatrixMultScalar:
    case Function::kMatrixMultArray:
    case Function::kMatrixKron: return combined(call, m, element, context);
    default: return has_property(call.function, m);
  }
}

}  // namespace tradeassist::backtest
