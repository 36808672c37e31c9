// The way of two numbers under every optimiser and each of its options, against PyTorch's.
#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "optim/adamw.h"
#include "optim/more/adadelta.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/more/nadam.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/sgd.h"
#include "tests/paths.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Made {
  std::function<std::unique_ptr<Optimizer>(const Tensor& p)> make;
  double lr;
};

template <class O, class Options>
Made optimizer(const Options& options) {
  return {[=](const Tensor& p) {
            return std::make_unique<O>(NamedTensors{{"p", p}}, options);
          },
          options.lr};
}

struct Path {
  std::string name;
  double grad_scale;
  Made optimizer;
  std::vector<double> path;  // both numbers after each step
  State state;               // after the last step
};

const std::vector<double> start{1.5, -2};
const std::vector<std::vector<double>> gradients{{0.5, -1},    {2, 0.25},  {-0.75, 0}, {0.1, -3},
                                                 {-1.25, 0.6}, {0.3, 0.9}, {1, -0.2}};

// torch 2.13.0, float64: p = Parameter(start), o = torch.optim.NAME([p], the options, betas =
// (beta1, beta2)); for g in gradients: p.grad = grad_scale * g; o.step(). p after each step, and
// o.state[p] after the last, printed with %.9g. (AdamW's weight_decay is 0 unless given.)
// clang-format off
const std::vector<Path> paths = {
    {"sgd: plain", 0.5,
     optimizer<SGD>(SGDOptions{.lr = 0.1}),
     {1.475, -1.95, 1.375, -1.9625, 1.4125, -1.9625, 1.4075, -1.8125, 1.47, -1.8425, 1.455, -1.8875,
      1.405, -1.8775},
     {}},
    {"sgd: momentum", 0.5,
     optimizer<SGD>(SGDOptions{.lr = 0.1, .momentum = 0.9}),
     {1.475, -1.95, 1.3525, -1.9175, 1.27975, -1.88825, 1.209275, -1.711925, 1.2083475, -1.5832325,
      1.19251275, -1.51240925, 1.12826147, -1.43866832},
     {{"momentum_buffer", {0.64251275, -0.73740925}}}},
    {"sgd: dampening, weight decay", 0.5,
     optimizer<SGD>(SGDOptions{.lr = 0.1, .momentum = 0.9, .dampening = 0.3, .weight_decay = 0.2}),
     {1.445, -1.91, 1.30527, -1.81101, 1.18748922, -1.69656486, 1.06136167, -1.46481233, 0.97673781,
      -1.25672767, 0.876402007, -1.0833573, 0.738830156, -0.905156958},
     {{"momentum_buffer", {1.37571851, -1.7820034}}}},
    {"sgd: nesterov, weight decay", 0.5,
     optimizer<SGD>(SGDOptions{.lr = 0.1, .momentum = 0.8, .weight_decay = 0.2, .nesterov = true}),
     {1.401, -1.838, 1.135364, -1.736732, 1.0518981, -1.61260325, 0.926422865, -1.21303424,
      0.926021827, -1.04951146, 0.830186977, -0.957319362, 0.660448714, -0.811894374},
     {{"momentum_buffer", {1.28918153, -1.45348251}}}},
    {"sgd: plain, weight decay, gradients reversed", -1,
     optimizer<SGD>(SGDOptions{.lr = 0.1, .weight_decay = 0.2}),
     {1.52, -2.06, 1.6896, -1.9938, 1.580808, -1.953924, 1.55919184, -2.21484552, 1.403008,
      -2.11054861, 1.40494784, -1.97833764, 1.47684889, -1.95877088},
     {}},
    {"adam", 0.5,
     optimizer<Adam>(AdamOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999}),
     {1.4, -1.9, 1.31156236, -1.85305319, 1.26917319, -1.81676316, 1.23183781, -1.7521486,
      1.23143692, -1.70863167, 1.22492846, -1.68654182, 1.20108525, -1.66426393},
     {{"exp_avg", {0.064251275, -0.073740925}}, {"exp_avg_sq", {0.00186201342, 0.00280942511}}}},
    {"adam: betas, eps", 0.5,
     optimizer<Adam>(AdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .eps = 0.25}),
     {1.45, -1.93333333, 1.38549819, -1.9072113, 1.35827625, -1.88906385, 1.33461754, -1.84221383,
      1.34251233, -1.8124412, 1.34322776, -1.80144626, 1.32610239, -1.78893804},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq", {0.200160263, 0.299891503}}}},
    {"adam: weight decay", 0.5,
     optimizer<Adam>(AdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.4, -1.9, 1.30662807, -1.80611321, 1.23107838, -1.71015851, 1.15166305, -1.62883116,
      1.09841495, -1.55266987, 1.03388528, -1.48385844, 0.961046399, -1.40890406},
     {{"exp_avg", {0.377072595, -0.473065084}}, {"exp_avg_sq", {0.393759661, 0.585268926}}}},
    {"adam: amsgrad, eps", 0.5,
     optimizer<Adam>(AdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .eps = 0.25, .amsgrad =
      true}),
     {1.45, -1.93333333, 1.38549819, -1.90921621, 1.36000223, -1.89387878, 1.34032845, -1.84702877,
      1.34758365, -1.82054937, 1.34817594, -1.81147223, 1.33345487, -1.80233885},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq", {0.200160263, 0.299891503}},
      {"max_exp_avg_sq", {0.313125, 0.703021875}}}},
    {"adam: gradients reversed", -1,
     optimizer<Adam>(AdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.59999998, -2.1, 1.67431362, -2.0569151, 1.67416773, -1.9923588, 1.66002731, -2.02521237,
      1.61282114, -2.02587275, 1.56600628, -1.99878499, 1.54022452, -1.96637577},
     {{"exp_avg", {0.188663044, -0.316993314}}, {"exp_avg_sq", {0.786785247, 1.40562966}}}},
    {"adamw", 0.5,
     optimizer<AdamW>(AdamWOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999}),
     {1.4, -1.9, 1.31156236, -1.85305319, 1.26917319, -1.81676316, 1.23183781, -1.7521486,
      1.23143692, -1.70863167, 1.22492846, -1.68654182, 1.20108525, -1.66426393},
     {{"exp_avg", {0.064251275, -0.073740925}}, {"exp_avg_sq", {0.00186201342, 0.00280942511}}}},
    {"adamw: betas, eps", 0.5,
     optimizer<AdamW>(AdamWOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .eps = 0.25}),
     {1.45, -1.93333333, 1.38549819, -1.9072113, 1.35827625, -1.88906385, 1.33461754, -1.84221383,
      1.34251233, -1.8124412, 1.34322776, -1.80144626, 1.32610239, -1.78893804},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq", {0.200160263, 0.299891503}}}},
    {"adamw: weight decay", 0.5,
     optimizer<AdamW>(AdamWOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.355, -1.84, 1.22926854, -1.73917586, 1.15437884, -1.65047342, 1.08405947, -1.54193212,
      1.06306364, -1.45647897, 1.03228448, -1.39782501, 0.975023553, -1.337912},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq", {0.200160263, 0.299891503}}}},
    {"adamw: gradients reversed", -1,
     optimizer<AdamW>(AdamWOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.555, -2.04, 1.59343146, -2.02442414, 1.58364017, -2.00021858, 1.57181897, -1.99923913,
      1.51313844, -1.97845714, 1.46663154, -1.93406301, 1.44892498, -1.89401938},
     {{"exp_avg", {-0.1940864, 0.1624448}}, {"exp_avg_sq", {0.80064105, 1.19956601}}}},
    {"adagrad", 0.5,
     optimizer<Adagrad>(AdagradOptions{.lr = 0.1}),
     {1.4, -1.9, 1.30298575, -1.92425356, 1.33717392, -1.92425356, 1.33262023, -1.82968031,
      1.38208882, -1.84826543, 1.37029916, -1.87511914, 1.33372331, -1.86916225},
     {{"sum", {1.86875, 2.818125}}}},
    {"adagrad: rate decay, initial sum, eps", 0.5,
     optimizer<Adagrad>(AdagradOptions{.lr = 0.1, .lr_decay = 0.2, .initial_accumulator_value = 0.5,
      .eps = 0.25}),
     {1.475, -1.95519815, 1.41944444, -1.96445741, 1.43666956, -1.96445741, 1.4346612, -1.91726517,
      1.45511198, -1.92554766, 1.45071468, -1.9364234, 1.43801131, -1.93422919},
     {{"sum", {2.36875, 3.318125}}}},
    {"adagrad: weight decay", -1,
     optimizer<Adagrad>(AdagradOptions{.lr = 0.1, .weight_decay = 0.3}),
     {1.6, -2.1, 1.69994594, -2.00896335, 1.63614794, -1.95605586, 1.61673444, -2.04648682,
      1.55145233, -2.00507897, 1.54523965, -1.95949304, 1.56498766, -1.94779886},
     {{"sum", {7.37863809, 10.9997518}}}},
    {"rmsprop", 0.5,
     optimizer<RMSprop>(RMSpropOptions{.lr = 0.1}),
     {0.5000004, -1.0000002, -0.470427468, -1.24368524, -0.126936965, -1.24368524, -0.17291774,
      -0.296495268, 0.327280288, -0.483527896, 0.207496678, -0.754908724, -0.164925991,
      -0.694409084},
     {{"square_avg", {0.0180246868, 0.0273208601}}}},
    {"rmsprop: alpha, eps", 0.5,
     optimizer<RMSprop>(RMSpropOptions{.lr = 0.1, .alpha = 0.7, .eps = 0.25}),
     {1.43538894, -1.90455488, 1.31186745, -1.93010999, 1.36112863, -1.93010999, 1.3537607,
      -1.79230111, 1.43756689, -1.82321312, 1.41527359, -1.8731436, 1.34357798, -1.86060635},
     {{"square_avg", {0.200160263, 0.299891503}}}},
    {"rmsprop: momentum, weight decay", -1,
     optimizer<RMSprop>(RMSpropOptions{.lr = 0.1, .alpha = 0.7, .weight_decay = 0.3, .momentum =
      0.6}),
     {1.68257412, -2.18257418, 1.97462136, -2.12088306, 2.01630808, -1.97083897, 1.9842911,
      -2.05275916, 1.81781969, -2.01171813, 1.69472469, -1.8794298, 1.67404584, -1.76936072},
     {{"square_avg", {0.854528263, 1.40484502}}, {"momentum_buffer", {0.206788447, -1.10069085}}}},
    {"rmsprop: centered, eps", 0.5,
     optimizer<RMSprop>(RMSpropOptions{.lr = 0.1, .alpha = 0.7, .eps = 0.25, .centered = true}),
     {1.43142501, -1.89564392, 1.28535225, -1.92171737, 1.33580245, -1.92171737, 1.32827836,
      -1.76134406, 1.413529, -1.793727, 1.39119327, -1.84372134, 1.31755423, -1.83113701},
     {{"square_avg", {0.200160263, 0.299891503}}, {"grad_avg", {0.127003425, -0.057094725}}}},
    {"rmsprop: centered, momentum, weight decay", 0.5,
     optimizer<RMSprop>(RMSpropOptions{.lr = 0.1, .alpha = 0.7, .eps = 0.25, .weight_decay = 0.3,
      .momentum = 0.6, .centered = true}),
     {1.37736087, -1.85412753, 1.14006542, -1.70264966, 1.00164762, -1.52824755, 0.871108573,
      -1.2322192, 0.839332861, -1.04759378, 0.763564606, -0.95088611, 0.613477104, -0.847433219},
     {{"square_avg", {0.343519355, 0.514672753}}, {"momentum_buffer", {1.50087502, -1.03452892}},
      {"grad_avg", {0.379291622, -0.396206217}}}},
    {"adadelta", 0.5,
     optimizer<Adadelta>(AdadeltaOptions{.lr = 1.0}),
     {1.49683798, -1.99683779, 1.49248674, -1.99797736, 1.49469764, -1.99797736, 1.49437885,
      -1.99376638, 1.49774905, -1.99495697, 1.4968115, -1.9967234, 1.49393835, -1.99630692},
     {{"square_avg", {0.130444787, 0.204748666}}, {"acc_delta", {3.80208791e-06, 2.31377633e-06}}}},
    {"adadelta: rho, eps", 0.5,
     optimizer<Adadelta>(AdadeltaOptions{.lr = 0.5, .rho = 0.7, .eps = 0.25}),
     {1.37943929, -1.7807355, 1.03486546, -1.84328683, 1.20166351, -1.84328683, 1.1779062,
      -1.43563244, 1.44041262, -1.55307889, 1.36774164, -1.73101527, 1.14320026, -1.6879403},
     {{"square_avg", {0.200160263, 0.299891503}}, {"acc_delta", {0.139704007, 0.112909877}}}},
    {"adadelta: weight decay", -1,
     optimizer<Adadelta>(AdadeltaOptions{.lr = 0.5, .rho = 0.7, .eps = 0.25, .weight_decay = 0.3}),
     {1.52496258, -2.18318583, 1.9182451, -1.84810228, 1.53095432, -1.60517503, 1.39700185,
      -2.14637809, 0.938072491, -1.78683685, 0.944994246, -1.37223097, 1.20000993, -1.29841799},
     {{"square_avg", {0.82349978, 1.39570022}}, {"acc_delta", {0.283806572, 0.39188687}}}},
    {"adamax", 0.5,
     optimizer<Adamax>(AdamaxOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999}),
     {1.4, -1.9, 1.33552632, -1.86575523, 1.30865443, -1.84412528, 1.28812051, -1.80994383,
      1.28789334, -1.78897221, 1.28450033, -1.77887528, 1.27212289, -1.76942385},
     {{"exp_avg", {0.064251275, -0.073740925}}, {"exp_inf", {0.99501, 1.49550451}}}},
    {"adamax: betas, eps", 0.5,
     optimizer<Adamax>(AdamaxOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .eps = 0.25}),
     {1.45, -1.93333333, 1.39666667, -1.9042328, 1.3692662, -1.8796984, 1.34061734, -1.8472555,
      1.3477772, -1.82198085, 1.34859501, -1.80988561, 1.33222231, -1.79276339},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_inf", {0.75, 0.60025}}}},
    {"adamax: weight decay", -1,
     optimizer<Adamax>(AdamaxOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.59999998, -2.1, 1.65701752, -2.06464646, 1.65704693, -1.99401992, 1.64166488, -2.01585148,
      1.60650333, -2.01644507, 1.56584452, -1.98982289, 1.53817651, -1.95188008},
     {{"exp_avg", {0.186693946, -0.315884637}}, {"exp_inf", {0.853824742, 1.05345347}}}},
    {"nadam", 0.5,
     optimizer<NAdam>(NAdamOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999}),
     {1.39435483, -1.89435482, 1.29144487, -1.91359265, 1.32187256, -1.90897451, 1.31075907,
      -1.79041429, 1.37263467, -1.80558307, 1.35524636, -1.83734784, 1.2962412, -1.82340885},
     {{"mu_product", {0.00375380405}}, {"exp_avg", {0.064251275, -0.073740925}}, {"exp_avg_sq",
      {0.00186201342, 0.00280942511}}}},
    {"nadam: betas, eps, momentum decay", 0.5,
     optimizer<NAdam>(NAdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .eps = 0.25,
      .momentum_decay = 0.5}),
     {1.44498939, -1.92665252, 1.36632962, -1.93739237, 1.38685277, -1.93344993, 1.37668267,
      -1.84850565, 1.42387492, -1.85593431, 1.41217581, -1.87883163, 1.36770827, -1.86760371},
     {{"mu_product", {0.00275330357}}, {"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq",
      {0.200160263, 0.299891503}}}},
    {"nadam: weight decay", -1,
     optimizer<NAdam>(NAdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.7, .weight_decay = 0.3}),
     {1.60952779, -2.10952781, 1.71405205, -2.01580685, 1.64701388, -1.94526302, 1.61871095,
      -2.04580612, 1.52513779, -1.99623985, 1.50252901, -1.92752315, 1.53040352, -1.89911413},
     {{"mu_product", {0.00164590188}}, {"exp_avg", {0.179388828, -0.30981629}}, {"exp_avg_sq",
      {0.785774551, 1.40340097}}}},
    {"radam", 0.5,
     optimizer<RAdam>(RAdamOptions{.lr = 0.1, .beta1 = 0.9, .beta2 = 0.999}),
     {1.475, -1.95, 1.41052632, -1.93289474, 1.3836813, -1.92210138, 1.36318842, -1.87082921,
      1.36296193, -1.83940323, 1.36279388, -1.83883285, 1.36201328, -1.8381035},
     {{"exp_avg", {0.064251275, -0.073740925}}, {"exp_avg_sq", {0.00186201342, 0.00280942511}}}},
    {"radam: betas, eps", 0.5,
     optimizer<RAdam>(RAdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.9, .eps = 0.25}),
     {1.475, -1.95, 1.40833333, -1.93472222, 1.38435792, -1.92570583, 1.3668105, -1.86893076,
      1.37307537, -1.83796931, 1.3732231, -1.83547326, 1.36843255, -1.83198493},
     {{"exp_avg", {0.0970432, -0.0812224}}, {"exp_avg_sq", {0.130444787, 0.204748666}}}},
    {"radam: weight decay", -1,
     optimizer<RAdam>(RAdamOptions{.lr = 0.1, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 0.3}),
     {1.505, -2.04, 1.59325, -2.00988889, 1.59500512, -1.96740665, 1.58334382, -2.02094746,
      1.52383655, -2.02267686, 1.51260933, -2.01544137, 1.50544384, -2.00507454},
     {{"exp_avg", {0.171951451, -0.314573627}}, {"exp_avg_sq", {0.524186848, 0.838143884}}}},
};
// clang-format on

}  // namespace

TEST_CASE("optimizers: seven steps with each option are PyTorch's, and so is the state") {
  for (const Path& row : paths) {
    INFO(row.name);
    const Tensor around = tensor_of({7, start[0], start[1], 7});  // it writes nothing beside p
    Tensor p = slice(around, 0, 1, 3).set_requires_grad();
    const auto optimizer = row.optimizer.make(p);
    for (size_t s = 0; s < gradients.size(); ++s) {
      INFO("step " << s);
      p.set_grad(slice(tensor_of({5, gradients[s][0], gradients[s][1], 5}), 0, 1, 3));
      optimizer->step(row.optimizer.lr, row.grad_scale);
      check_close(p, {row.path[2 * s], row.path[2 * s + 1]});
    }
    CHECK(around.to_vector()[0] == 7);
    CHECK(around.to_vector()[3] == 7);
    check_state(optimizer->state(), {{"p", gradients.size()}}, row.state);
  }
}
