// Names the parts of a model.
#include <string>

#include "tutorials/11_fine_tuning/exercises/register_parameters/register_parameters.h"

namespace mine {

// Calls v(name, member) for each module and each parameter that is the tagger's own.
void register_parameters(Tagger& tagger, ModuleVisitor& v) {
  v("embeddings.words", tagger.words);
  for (size_t i = 0; i < tagger.layer.size(); ++i)
    v("encoder.layer." + std::to_string(i), tagger.layer[i]);
  v("norm", tagger.norm);
  v("dropout", tagger.dropout);
  v("scale", tagger.scale);
  v("decoder", tagger.decoder);
}

}  // namespace mine
