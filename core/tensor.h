#pragma once
// Tensor: a view of a Storage (shape, strides, offset), plus its place in the history of ops.
// A Tensor is a cheap handle: copying it copies a pointer, and both name the same numbers.
#include <atomic>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <vector>

#include "core/error.h"
#include "core/random.h"
#include "core/real.h"
#include "core/shape.h"
#include "core/storage.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct Node;

// An op without a derivative: the history of what is computed from its result ends there.
struct NotDifferentiable {
  const char* op;
  Where where;
};

struct TensorImpl {
  std::shared_ptr<Storage> storage;
  Shape shape, strides;  // strides count numbers, not bytes
  int64_t offset = 0;
  bool requires_grad = false;
  std::atomic_flag grad_lock;        // held while a backward takes `grad` out or puts it in
  int32_t output = 0;                // which of the node's outputs this is
  const char* op = nullptr;          // the op's name, kept for display after the node is gone
  std::shared_ptr<Node> node;        // the op that made this; null for leaves
  std::shared_ptr<TensorImpl> grad;  // d(loss)/d(this); leaves only
  // The op because of which this has no history, for backward() to name; null for most.
  std::shared_ptr<const NotDifferentiable> not_differentiable;

  TensorImpl() = default;
  ~TensorImpl();  // lets long histories go in a loop, not by recursion
  TensorImpl(const TensorImpl&) = delete;
  TensorImpl& operator=(const TensorImpl&) = delete;
};

// An index and the line it was written on, for x[i].
struct At {
  int64_t index;
  Where where;
  template <WholeNumber T>
  At(T index, Where where = Where::current()) : index(static_cast<int64_t>(index)), where(where) {}
};

class Tensor {
 public:
  Tensor() = default;  // undefined: whatever reads it is an Error
  explicit Tensor(std::shared_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) = default;
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & = default;
  void operator=(const Tensor&) && = delete;  // would change no numbers; x[i].copy_(y) does
  template <class T>
    requires std::is_arithmetic_v<T>
  void operator=(T) = delete;   // x.fill_(5) writes numbers
  void begin() const = delete;  // for (const Tensor& row : unbind(x))
  void end() const = delete;

  // New contiguous leaves. Sizes must be >= 0.
  static Tensor empty(const Shape& shape);  // uninitialised
  static Tensor zeros(const Shape& shape) { return full(shape, 0); }
  static Tensor ones(const Shape& shape) { return full(shape, 1); }
  static Tensor full(const Shape& shape, real value);
  static Tensor scalar(real value) { return full({}, value); }
  static Tensor of(const Shape& shape, const std::vector<real>& values);  // Error if counts differ
  static Tensor of(const std::vector<real>& values) { return of(values.size(), values); }
  // Row by row: of({{1, 2}, {3, 4}}). Error unless the rows have one length.
  static Tensor of(std::initializer_list<std::initializer_list<real>> rows);
  template <WholeNumber... Sizes>  // here and below: the shape's braces were forgotten
  static Tensor zeros(int64_t, int64_t, Sizes...) = delete;  // sizes in braces: zeros({2, 3})
  template <WholeNumber... Sizes>
  static Tensor ones(int64_t, int64_t, Sizes...) = delete;  // sizes in braces: ones({2, 3})

  // More of them, in core/more/create.cpp; the names and rules are PyTorch's.
  static Tensor zeros_like(const Tensor& x) { return zeros(x.shape()); }
  static Tensor ones_like(const Tensor& x) { return ones(x.shape()); }
  static Tensor eye(int64_t rows, int64_t columns = -1);  // 1 on the diagonal; square unless told
  // start, start + step, ... before end: ceil((end - start) / step) of them, each computed in
  // double. Error unless the numbers are finite and step leads from start to end.
  static Tensor arange(double start, double end, double step = 1, Where where = Where::current());
  static Tensor arange(double end, Where where = Where::current()) {
    return arange(0, end, 1, where);
  }
  // `count` numbers at equal distances, from start to end inclusive.
  static Tensor linspace(double start, double end, int64_t count, Where where = Where::current());
  // Random numbers, uniform in [0, 1), and normal of mean 0 and variance 1: the same for a
  // generator's state on every machine. Ids::randint has whole ones.
  static Tensor rand(const Shape& shape, Random& random = default_random());
  static Tensor randn(const Shape& shape, Random& random = default_random());
  template <WholeNumber... Sizes>
  static Tensor rand(int64_t, int64_t, Sizes...) = delete;  // sizes in braces: rand({2, 3})
  template <WholeNumber... Sizes>
  static Tensor randn(int64_t, int64_t, Sizes...) = delete;  // sizes in braces: randn({2, 3})

  bool defined() const { return impl_ != nullptr; }
  const Shape& shape() const { return impl().shape; }
  const Shape& strides() const { return impl().strides; }
  int axes() const { return impl().shape.size(); }
  int64_t size(int axis, Where where = Where::current()) const;  // -1 is the last axis
  int64_t numel() const { return cairn::numel(impl().shape); }
  bool is_contiguous() const;  // are its numbers stored in the order of the index, without gaps?

  // The numbers, one after the other. Error unless is_contiguous(): read any tensor through
  // Contiguous, below, and write to any by copy_().
  const real* data(Where where = Where::current()) const;
  // The same for writing: counts as a change of the storage, which backward checks and quotes.
  real* write(Where where = Where::current());
  // For code that walks the strides itself: the first number of any tensor. Element (i, j, ...) is
  // at strided_data()[i * strides()[0] + j * strides()[1] + ...].
  const real* strided_data() const { return impl().storage->data + impl().offset; }
  real* strided_write(Where where = Where::current());

  Tensor operator[](At i) const;                    // select(x, 0, i): a view; x[-1] is the last
  real item(Where where = Where::current()) const;  // the one number; Error if there are several
  std::vector<real> to_vector() const;              // all numbers, in the order of the index

  bool requires_grad() const { return impl().requires_grad; }
  // Error on a tensor that an op made: this can be set on leaves only.
  Tensor& set_requires_grad(bool on = true, Where where = Where::current());
  bool is_leaf() const { return impl().node == nullptr; }
  // Undefined until backward() has reached this leaf. Error if an op made the tensor: only leaves
  // keep their gradient; hook() in core/autograd/more/hook.h and grad() in
  // core/autograd/autograd.h give any tensor's.
  Tensor grad(Where where = Where::current()) const;
  // Keeps a copy.
  void set_grad(const Tensor& grad, Where where = Where::current());
  void zero_grad() { impl().grad = nullptr; }
  Tensor detach() const;  // the same numbers without the history
  // See backward() in core/autograd/autograd.h.
  void backward(Where where = Where::current()) const;

  // In place: on tensors without history, with numbers without history, or inside NoGrad; else
  // Error, naming the op to use instead. Error too if elements share memory (an expanded tensor).
  // They write through views; the other tensor is broadcast to this one's shape and may overlap it.
  // They return this tensor. PyTorch: the methods of these names.
  Tensor& fill_(real value, Where where = Where::current());
  Tensor& zero_(Where where = Where::current()) { return fill_(0, where); }
  Tensor& copy_(const Tensor& from, Where where = Where::current());
  Tensor& add_(const Tensor& other, real factor = 1,
               Where where = Where::current());  // += factor x
  Tensor& sub_(const Tensor& other, Where where = Where::current());
  Tensor& mul_(const Tensor& other, Where where = Where::current());
  Tensor& div_(const Tensor& other, Where where = Where::current());
  Tensor& add_(real shift, Where where = Where::current());
  Tensor& sub_(real shift, Where where = Where::current()) { return add_(-shift, where); }
  Tensor& mul_(real factor, Where where = Where::current());
  Tensor& div_(real divisor, Where where = Where::current());
  Tensor& clamp_(real low, real high, Where where = Where::current());  // as clamp

  // What the handle points to. Error if it is undefined.
  TensorImpl& impl() const {
    if (!impl_) fail_undefined();
    return *impl_;
  }
  const std::shared_ptr<TensorImpl>& handle() const { return impl_; }

 private:
  [[noreturn]] static void fail_undefined();
  void check_contiguous(const char* op, Where where) const;

  std::shared_ptr<TensorImpl> impl_;
};

// The numbers of a tensor as one contiguous block: its own if it is contiguous, else a copy. Not a
// Tensor, lest it be mistaken for one with a history. Kernels read through it.
class Contiguous {
 public:
  explicit Contiguous(const Tensor& x);
  const real* data() const { return data_; }
  operator const real*() const { return data_; }
  const std::shared_ptr<Storage>& storage() const { return storage_; }  // which keeps them

 private:
  std::shared_ptr<Storage> storage_;
  const real* data_;
};

// Copies numbers between two layouts of one shape; strides may be 0 in `from`. Calls itself for
// each index of `axis` but the last.
void copy_numbers(real* to, const Shape& to_strides, const real* from, const Shape& from_strides,
                  const Shape& shape, int axis = 0);

// A tensor that views x's storage with another layout, without history: for view ops.
Tensor alias(const Tensor& x, const Shape& shape, const Shape& strides, int64_t offset);

}}  // namespace cairn::CAIRN_PRECISION
