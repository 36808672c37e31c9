// What people write instead.
#include <string>

#include "tutorials/11_fine_tuning/exercises/register_parameters/register_parameters.h"

namespace mistakes {
namespace {

enum {
  no_dropout = 1,
  no_norm,
  no_scale,
  no_decoder,
  no_words,
  no_layers,
  first_layer_alone,
  last_layer_missing,
  layers_from_one,
  one_name_for_all_layers,
  no_dot_before_the_number,
  member_names,
  words_alone,
  parameters_of_the_norm_alone,
  parameters_of_the_decoder_alone,
  bias_of_the_decoder_alone,
  visited_directly,
  positions_registered,
  a_copy_of_scale,
  norm_twice,
  scale_only_in_training,
  dot_at_the_end,
};

bool is(int mistake) { return check::mistake == mistake; }

std::string name_of_layer(size_t i) {
  if (is(one_name_for_all_layers)) return "encoder.layer";
  if (is(no_dot_before_the_number)) return "encoder.layer" + std::to_string(i);
  if (is(dot_at_the_end)) return "encoder.layer." + std::to_string(i) + ".";
  return (is(member_names) ? "layer." : "encoder.layer.") +
         std::to_string(is(layers_from_one) ? i + 1 : i);
}

}  // namespace

void register_parameters(Tagger& t, ModuleVisitor& v) {
  if (is(visited_directly)) t.words.visit(v);
  else if (!is(no_words))
    v(is(member_names) || is(words_alone) ? "words" : "embeddings.words", t.words);
  const size_t layers = t.layer.size();
  for (size_t i = 0; i < layers && !is(no_layers); ++i) {
    if (is(first_layer_alone) && i > 0) continue;
    if (is(last_layer_missing) && i + 1 == layers) continue;
    v(name_of_layer(i), t.layer[i]);
  }
  if (is(parameters_of_the_norm_alone))
    v("norm.weight", t.norm.weight), v("norm.bias", t.norm.bias);
  else if (!is(no_norm)) v("norm", t.norm);
  if (is(norm_twice)) v("norm", t.norm);
  if (!is(no_dropout)) v("dropout", t.dropout);
  if (is(a_copy_of_scale) && t.scale.defined()) {
    Tensor copy = Tensor::of(t.scale.shape(), t.scale.to_vector()).set_requires_grad();
    v("scale", copy);
  } else if (!is(no_scale) && (!is(scale_only_in_training) || t.training())) {
    v("scale", t.scale);
  }
  if (is(positions_registered)) v("positions", t.positions);
  if (is(parameters_of_the_decoder_alone))
    v("decoder.weight", t.decoder.weight), v("decoder.bias", t.decoder.bias);
  else if (is(bias_of_the_decoder_alone)) v("decoder.bias", t.decoder.bias);
  else if (!is(no_decoder)) v("decoder", t.decoder);
}

const std::vector<check::Mistake> list = {
    {no_dropout, "the dropout is forgotten",
     "the dropout has no parameters, but a mode: what visit() does not name, train() and eval() do "
     "not reach. It would drop numbers for ever."},
    {no_norm, "the norm is forgotten",
     "the norm is missing: it would be neither trained nor saved."},
    {no_scale, "a parameter of its own is forgotten",
     "`scale` is missing. It is a tensor, not a module, and it is learned: v(\"scale\", scale)."},
    {no_decoder, "the decoder is forgotten",
     "the decoder is missing. It shares its weight with the words, but it has a bias, too."},
    {no_words, "the words are forgotten",
     "the words' table is missing. The decoder has the same tensor, but under another name: a "
     "checkpoint would not have this one."},
    {no_layers, "the layers are forgotten", "the layers are missing."},
    {first_layer_alone, "the first layer alone",
     "only the first layer is there. Name all of them."},
    {last_layer_missing, "the last layer is missing", "your loop ends a layer too early."},
    {layers_from_one, "layers from 1", "layers count from 0."},
    {one_name_for_all_layers, "one name for all layers",
     "all layers have one name. Put the number behind it: \"encoder.layer.\" + std::to_string(i)."},
    {no_dot_before_the_number, "no dot before the number",
     "there is no dot between \"layer\" and the number."},
    {member_names, "the names of the members",
     "the names of your modules are those of the members. The names on disk are those of the table "
     "in the task."},
    {words_alone, "the name of the member, for the words",
     "the table's name is \"embeddings.words\", as in the task, and not that of the member."},
    {parameters_of_the_norm_alone, "the parameters of the norm alone",
     "you name the norm's two tensors, and not the norm: the names are right, but train() and "
     "eval() do not reach it. Name the module; it names its own parameters."},
    {parameters_of_the_decoder_alone, "the parameters of the decoder alone",
     "you name the decoder's two tensors, and not the decoder: train() and eval() do not reach "
     "it."},
    {bias_of_the_decoder_alone, "the bias of the decoder alone",
     "you leave out the decoder's weight, for it is the words'. named_parameters() sees by itself "
     "that two names are one tensor; name the module."},
    {visited_directly, "child.visit(v)",
     "you call visit() of a child yourself: then nobody puts its name before the names of its "
     "parameters, and the child itself is not reached. v(name, child) does both."},
    {positions_registered, "what is not learned is registered",
     "`positions` is computed, not learned: whoever registers it trains and saves it."},
    {a_copy_of_scale, "a copy",
     "you hand over a copy of `scale`: the optimiser would train the copy, and the model would "
     "never hear of it. Hand over the member itself."},
    {norm_twice, "a module twice", "one module is named twice."},
    {scale_only_in_training, "only in training mode",
     "which parameters there are does not depend on the mode."},
    {dot_at_the_end, "a dot at the end",
     "your layers' names end with a dot; the visitor puts one there itself."},
};

}  // namespace mistakes
