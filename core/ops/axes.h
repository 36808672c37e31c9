#pragma once
// Shared by the ops that work along axes: which axes remain, sums over the others, and where numbers
// lie along them.
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// x_shape with size 1 at each of the axes (keepdim); no axes means all. Error if one is named twice.
Shape keepdim_shape(const Shape& x_shape, const Axes& axes, const char* op, Where where);
// `kept`, of keepdim_shape, without the axes; no axes means all.
Shape without(const Shape& kept, const Axes& axes);
// The axes of x that `kept` keeps, then those that it reduces to 1.
Axes reduced_last(const Shape& x_shape, const Shape& kept);
// Sums x over the axes where `kept`, of as many axes, has size 1; the result has the shape `kept`,
// and no history.
Tensor summed(const Tensor& x, const Shape& kept);
// The way back from broadcasting `shape` to x's shape: sums x over the axes that `shape` lacks at
// the left and over those where its size is 1. The result has this shape, and no history.
Tensor unbroadcast(const Tensor& x, const Shape& shape);

// shape without its last two axes, which hold a matrix; of one or none, {}.
Shape leading(const Shape& shape);
// How far from the first element the i-th one lies, in row-major order over these axes.
int64_t offset_of(int64_t i, const Shape& shape, const Shape& strides);

}}  // namespace cairn::CAIRN_PRECISION
