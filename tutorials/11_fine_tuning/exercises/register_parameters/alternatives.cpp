// Other ways to write it, as good.
#include <string>

#include "tutorials/11_fine_tuning/exercises/register_parameters/register_parameters.h"

namespace alternatives {
namespace {

void as_a_list(Tagger& t, ModuleVisitor& v) {
  v("embeddings.words", t.words);
  v("encoder.layer", t.layer);
  v("norm", t.norm), v("dropout", t.dropout), v("scale", t.scale), v("decoder", t.decoder);
}

void backwards(Tagger& t, ModuleVisitor& v) {
  v("decoder", t.decoder);
  if (t.scale.defined()) v("scale", t.scale);
  v("dropout", t.dropout), v("norm", t.norm);
  for (size_t i = t.layer.size(); i-- > 0;) v("encoder.layer." + std::to_string(i), t.layer[i]);
  v("embeddings.words", t.words);
}

void small_modules_in_a_loop(Tagger& t, ModuleVisitor& v) {
  const std::pair<const char*, cairn::Module*> modules[] = {{"embeddings.words", &t.words},
                                                            {"norm", &t.norm},
                                                            {"dropout", &t.dropout},
                                                            {"decoder", &t.decoder}};
  v("scale", t.scale);
  for (const auto& [name, module] : modules) v(name, *module);
  int i = 0;
  for (cairn::Linear& linear : t.layer) v("encoder.layer." + std::to_string(i++), linear);
}

}  // namespace

const std::vector<check::Alternative<Register>> list = {
    {"the layers as one list", as_a_list},
    {"backwards", backwards},
    {"modules in a loop", small_modules_in_a_loop},
};

}  // namespace alternatives
