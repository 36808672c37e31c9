#pragma once
// More ways to initialise weights, as torch.nn.init has them: each fills a tensor in place with
// random numbers. The fan of a weight (out, in, ...) is how many numbers go into one output, `in`
// times the sizes that follow, or how many outputs one input reaches. BERT's truncated_normal_ is
// in nn/init.h.
//
//   for (NamedTensor& p : model.named_parameters())
//     if (p.tensor.axes() > 1) xavier_uniform_(p.tensor);
#include <string>

#include "nn/init.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// In [low, high).
void uniform_(Tensor& weight, double low, double high, Random& random = default_random());
void normal_(Tensor& weight, double mean, double std, Random& random = default_random());
// Normal, drawn again until it is in [low, high]; std is the deviation before truncation. Error if
// less than a hundredth of the distribution is in there.
void truncated_normal_(Tensor& weight, double mean, double std, double low, double high,
                       Random& random = default_random());

// Deviation gain sqrt(2 / (fan in + fan out)): keeps the variance of activations and of gradients
// (Glorot & Bengio 2010). Error unless the weight has two axes or more.
void xavier_uniform_(Tensor& weight, double gain = 1, Random& random = default_random());
void xavier_normal_(Tensor& weight, double gain = 1, Random& random = default_random());

// Deviation gain / sqrt(fan) (He, Zhang, Ren & Sun 2015); the usual gain is that of relu. PyTorch's
// Linear starts with kaiming_uniform_(weight, sqrt(1 / 3.)).
enum class Fan { in, out };
void kaiming_uniform_(Tensor& weight, double gain = 1.4142135623730951, Fan fan = Fan::in,
                      Random& random = default_random());
void kaiming_normal_(Tensor& weight, double gain = 1.4142135623730951, Fan fan = Fan::in,
                     Random& random = default_random());

// The gain that makes up for the variance lost in a non-linear function, PyTorch's calculate_gain:
// "linear", "sigmoid" 1; "tanh" 5/3; "relu" sqrt 2; "leaky_relu" sqrt(2 / (1 + slope^2)); "selu"
// 3/4. Error on another name.
double gain_of(const std::string& function, double slope = 0.01);

}}  // namespace cairn::CAIRN_PRECISION
