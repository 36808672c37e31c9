// The element types of files and their conversions, against definitions written out here.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <limits>

#include "core/io/dtype.h"
#include "core/io/safetensors.h"
#include "tests/support.h"
#include "tests/tensor_views.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::view_of;

namespace {

template <typename T>
std::vector<float> floats(const char* dtype, const std::vector<T>& values) {
  std::vector<float> out(values.size() + 1, 77);
  to_float(view_of(dtype, values), out.data());
  CHECK(out.back() == 77);
  out.pop_back();
  return out;
}

template <typename T>
std::vector<double> doubles(const char* dtype, const std::vector<T>& values) {
  std::vector<double> out(values.size() + 1, 77);
  to_double(view_of(dtype, values), out.data());
  CHECK(out.back() == 77);
  out.pop_back();
  return out;
}

// All three ways to read integers of this type, at the ends of its range.
template <typename T>
void check_integers(const char* dtype) {
  CAPTURE(dtype);
  std::vector<T> values = {std::numeric_limits<T>::min(),
                           0,
                           1,
                           2,
                           100,
                           static_cast<T>(std::numeric_limits<T>::max() / 2),
                           std::numeric_limits<T>::max()};
  std::vector<float> as_float;
  std::vector<double> as_double;
  std::vector<int64_t> as_int;
  if (sizeof(T) == 8 && std::numeric_limits<T>::min() == 0) values.pop_back();  // beyond int64
  for (const T value : values) {
    as_float.push_back(static_cast<float>(value));
    as_double.push_back(static_cast<double>(value));
    as_int.push_back(static_cast<int64_t>(value));
  }
  CHECK(floats(dtype, values) == as_float);
  CHECK(doubles(dtype, values) == as_double);
  std::vector<int64_t> read(values.size());
  to_int64(view_of(dtype, values), read.data());
  CHECK(read == as_int);
}

}  // namespace

TEST_CASE("dtype: names, sizes and order are the reference implementation's") {
  // safetensors/src/tensor.rs, enum Dtype, and its bitsize().
  const std::vector<std::pair<std::string, int>> expected = {
      {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64}};
  REQUIRE(dtypes().size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CHECK(dtypes()[i].name == expected[i].first);
    CHECK(dtypes()[i].bits == expected[i].second);
    CHECK(find_dtype(expected[i].first) == static_cast<int>(i));
  }
  CHECK(find_dtype("F128") == -1);
  CHECK(find_dtype("") == -1);
}

TEST_CASE("dtype: f16 and bf16 keep sign, payload and value, for all 65,536 patterns") {
  int64_t wrong = 0;
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto pattern = static_cast<uint16_t>(bits);
    wrong += std::bit_cast<uint32_t>(float_of_bf16(pattern)) != bits << 16;
    const uint32_t f16 = std::bit_cast<uint32_t>(float_of_f16(pattern));
    wrong += f16 >> 31 != bits >> 15;
    if ((bits & 0x7C00) == 0x7C00)  // infinity, or NaN with its fraction
      wrong += (f16 & 0x7FFFFFFF) != (0x7F800000 | (bits & 0x3FF) << 13);
    else
      wrong += std::abs(float_of_f16(pattern)) !=
               static_cast<float>(std::ldexp((bits & 0x3FF) + (bits & 0x7C00 ? 1024.0 : 0.0),
                                             static_cast<int>(std::max(bits >> 10 & 31, 1u)) - 25));
  }
  CHECK(wrong == 0);
}

TEST_CASE("dtype: integers are read at both ends of their ranges") {
  check_integers<uint8_t>("U8");
  check_integers<int8_t>("I8");
  check_integers<uint16_t>("U16");
  check_integers<int16_t>("I16");
  check_integers<uint32_t>("U32");
  check_integers<int32_t>("I32");
  check_integers<uint64_t>("U64");
  check_integers<int64_t>("I64");
  CHECK(floats<uint8_t>("BOOL", {0, 1, 2, 255}) == std::vector<float>{0, 1, 1, 1});
  CHECK(doubles<uint8_t>("BOOL", {0, 1, 2, 255}) == std::vector<double>{0, 1, 1, 1});
  int64_t whole[3] = {};
  to_int64(view_of<uint8_t>("BOOL", {0, 1, 7}), whole);
  CHECK(std::vector<int64_t>(whole, whole + 3) == std::vector<int64_t>{0, 1, 1});

  // Ties go to the even neighbour.
  CHECK(floats<int64_t>("I64", {(1 << 24) + 1, (1 << 24) + 3, -(1 << 24) - 1}) ==
        std::vector<float>{0x1p24f, 0x1.000004p24f, -0x1p24f});
  CHECK(doubles<int64_t>("I64", {(1LL << 53) + 1, (1LL << 53) + 3}) ==
        std::vector<double>{0x1p53, 0x1p53 + 4});
  CHECK(doubles<uint64_t>("U64", {~uint64_t{0}, uint64_t{1} << 63}) ==
        std::vector<double>{0x1p64, 0x1p63});

  const auto last = [&](uint64_t value) {
    return error_of([&] { to_int64(view_of<uint64_t>("U64", {1, 2, value}), whole); });
  };
  CHECK(last((uint64_t{1} << 63) - 1).empty());
  CHECK(whole[2] == std::numeric_limits<int64_t>::max());
  CHECK(last(uint64_t{1} << 63) ==
        "[tensor \"raw\"] its type \"U64\" can't be read as int64: a "
        "value is above the range");
  for (const char* type : {"F16", "BF16", "F32", "F64", "F8_E4M3"})
    CHECK(has(error_of([&] { to_int64(view_of<uint64_t>(type, {1}), whole); }),
              "[tensor \"raw\"] its type \"" + std::string(type) + "\" can't be read as integers"));
  float number = 0;
  for (const char* type : {"F4", "F8_E4M3", "C64", "f32", ""})
    CHECK(has(error_of([&] { to_float(view_of<uint64_t>(type, {1}), &number); }),
              "can't be read as real numbers"));
}

TEST_CASE(
    "dtype: reals are rounded to nearest, ties to even - NaN, infinities, -0 and subnormals stay") {
  const float infinity = std::numeric_limits<float>::infinity();
  // clang-format off
  const std::pair<double, float> table[] = {
      {1 + 0x1p-24, 1}, {1 + 0x1.8p-24, 1 + 0x1p-23f}, {1 + 3 * 0x1p-24, 1 + 0x1p-22f},
      {-1 - 0x1p-24, -1}, {0.1, 0.1f}, {0x1.fffffefp127, 0x1.fffffep127f},
      {0x1.ffffffp127, infinity}, {-1e39, -infinity}, {0x1p-149, 0x1p-149f}, {0x1p-150, 0},
      {0x1.8p-150, 0x1p-149f}, {0x1.8p-149, 0x1p-148f}, {0x1.8p-130, 0x1.8p-130f}, {1e-300, 0},
      {static_cast<double>(infinity), infinity},
  };
  // clang-format on
  for (const auto& row : table) {
    const auto& wide = row.first;
    const auto& narrow = row.second;
    CAPTURE(wide);
    CHECK(floats<double>("F64", {0, wide, 5}) == std::vector<float>{0, narrow, 5});
    CHECK(doubles<double>("F64", {0, wide, 5}) == std::vector<double>{0, wide, 5});
    CHECK(doubles<float>("F32", {0, narrow}) ==
          std::vector<double>{0, static_cast<double>(narrow)});
    CHECK(floats<float>("F32", {narrow, 0}) == std::vector<float>{narrow, 0});
  }
  CHECK(std::signbit(floats<double>("F64", {-0.0})[0]));
  CHECK(std::signbit(doubles<float>("F32", {-0.0f})[0]));
  const double nan = std::nan("");
  CHECK(std::isnan(floats<double>("F64", {nan})[0]));
  CHECK(std::isnan(doubles<float>("F32", {static_cast<float>(nan)})[0]));
  CHECK(floats<uint16_t>("F16", {0x3C01, 0xFBFF, 0x0001}) ==
        std::vector<float>{1 + 0x1p-10f, -65504, 0x1p-24f});
  CHECK(doubles<uint16_t>("F16", {0x3C01, 0xFBFF, 0x0001}) ==
        std::vector<double>{1 + 0x1p-10, -65504, 0x1p-24});
  CHECK(doubles<uint16_t>("BF16", {0x3F81, 0xFF7F}) ==
        std::vector<double>{1 + 0x1p-7, -0x1.fep127});
}

TEST_CASE("dtype: the first number that is not finite is found wherever it is, and nothing else") {
  const auto check = [](auto zero) {
    using T = decltype(zero);
    const T infinity = std::numeric_limits<T>::infinity(),
            nan = std::numeric_limits<T>::quiet_NaN();
    for (const size_t size : {1, 2, 1023, 1024, 1025, 2048, 2051}) {
      std::vector<T> values(size, std::numeric_limits<T>::max());
      values[size / 2] = std::numeric_limits<T>::lowest();
      const auto first = [&](size_t count) {
        return first_not_finite(values.data(), static_cast<int64_t>(count));
      };
      CHECK(first(size) == -1);
      for (const size_t at : {size - 1, size / 2, size_t{0}}) {  // each before the one before
        CAPTURE(at);
        const T before = values[at];
        for (const T bad : {infinity, -infinity, nan}) {
          values[at] = bad;
          CHECK(first(size) == static_cast<int64_t>(at));
          CHECK(first(at + 1) == static_cast<int64_t>(at));
          CHECK(first(at) == -1);
        }
        if (at == 0) values[at] = before;
      }
    }
    CHECK(first_not_finite(&zero, 0) == -1);
    CHECK(first_not_finite(&zero, 1) == -1);
  };
  check(0.0f);
  check(0.0);
}

TEST_CASE("safetensors: views of numbers in memory say what lies there") {
  const float f[6] = {};
  const double d[6] = {};
  const int64_t i[6] = {};
  const auto check = [](const TensorView& view, const char* dtype, const void* bytes, size_t size) {
    CHECK(view.name == "name");
    CHECK(view.dtype == dtype);
    CHECK(view.shape == std::vector<int64_t>{2, 3});
    CHECK(view.bytes == bytes);
    CHECK(view.size == size);
    CHECK(view.numel() == 6);
    CHECK(view.owner == nullptr);
  };
  check(tensor_view("name", {2, 3}, f), "F32", f, 24);
  check(tensor_view("name", {2, 3}, d), "F64", d, 48);
  check(tensor_view("name", {2, 3}, i), "I64", i, 48);
  CHECK(tensor_view("", {}, f).numel() == 1);
  CHECK(tensor_view("", {5, 0}, f).size == 0);
}
