// Keys as files have them, and keys that only look like them.
#include <exception>

#include "tutorials/04_real_checkpoint/exercises/key_map/key_map.h"

namespace {

std::string text(const Place& place) {
  const auto word = [](const std::string& text) { return text.empty() ? "(nothing)" : text; };
  return "layer " + std::to_string(place.layer) + ", part " + word(place.part) + ", parameter " +
         word(place.parameter);
}

void check_key_map(KeyMap* key_map, check::Judge& judge) {
  const auto is = [&](const std::string& key, const Place& expected) {
    const std::string before = key;
    try {
      const Place got = key_map(key);
      judge.equal("\"" + key + "\"", text(got), text(expected));
    } catch (const std::exception& error) {
      judge.that(false, "\"" + key + "\"", "an exception, but any text is a key", error.what());
    }
    judge.that(key == before, "\"" + before + "\": the key", "the input was changed");
  };
  is("embeddings.word_embeddings.weight", {-1, "embeddings.word_embeddings", "weight"});
  is("encoder.layer.0.attention.self.query.weight", {0, "attention.self.query", "weight"});
  is("encoder.layer.3.attention.output.dense.bias", {3, "attention.output.dense", "bias"});
  is("encoder.layer.3.output.dense.bias", {3, "output.dense", "bias"});
  is("encoder.layer.11.intermediate.dense.weight", {11, "intermediate.dense", "weight"});
  is("bert.encoder.layer.7.attention.self.key.bias", {7, "attention.self.key", "bias"});
  is("bert.encoder.layer.120.output.LayerNorm.weight", {120, "output.LayerNorm", "weight"});
  is("encoder.layer.9.output.dense.weight", {9, "output.dense", "weight"});
  is("encoder.layer.987654321.output.dense.weight", {987654321, "output.dense", "weight"});
  is("bert.embeddings.position_embeddings.weight",
     {-1, "embeddings.position_embeddings", "weight"});
  is("bert.pooler.dense.weight", {-1, "pooler.dense", "weight"});
  is("classifier.bias", {-1, "classifier", "bias"});
  is("cls.predictions.bias", {-1, "cls.predictions", "bias"});
  is("logit_scale", {-1, "", "logit_scale"});
  is("", {-1, "", ""});

  // The old names.
  is("embeddings.LayerNorm.gamma", {-1, "embeddings.LayerNorm", "weight"});
  is("bert.encoder.layer.1.output.LayerNorm.beta", {1, "output.LayerNorm", "bias"});
  is("encoder.layer.2.film.gamma", {2, "film", "gamma"});
  is("encoder.layer.2.LayerNorm.gamma_gate", {2, "LayerNorm", "gamma_gate"});
  is("encoder.layer.2.gamma.weight", {2, "gamma", "weight"});
  is("encoder.layer.2.PreLayerNorm.beta", {2, "PreLayerNorm", "beta"});
  is("LayerNorm.beta", {-1, "LayerNorm", "bias"});
  is("gamma", {-1, "", "gamma"});

  // The prefix, in other places.
  is("bert.bert.weight", {-1, "bert", "weight"});
  is("bertha.weight", {-1, "bertha", "weight"});
  is("teacher.bert.pooler.dense.bias", {-1, "teacher.bert.pooler.dense", "bias"});
  is("encoder.layer.3.bert.x.weight", {3, "bert.x", "weight"});

  // A parameter of the layer itself.
  is("encoder.layer.5.foo", {5, "", "foo"});

  // No layers of the encoder.
  is("decoder.encoder.layer.1.dense.weight", {-1, "decoder.encoder.layer.1.dense", "weight"});
  is("encoder.layer.norm.weight", {-1, "encoder.layer.norm", "weight"});
  is("encoder.layers.1.weight", {-1, "encoder.layers.1", "weight"});
  is("encoder.layer.4x.weight", {-1, "encoder.layer.4x", "weight"});
  is("encoder.layer.5", {-1, "encoder.layer", "5"});
  is("encoder.layer..weight", {-1, "encoder.layer.", "weight"});
  is("encoder.layer.1234567890.x.weight", {-1, "encoder.layer.1234567890.x", "weight"});
  is("encoder.layer.-1.x.weight", {-1, "encoder.layer.-1.x", "weight"});
  is("encoder.layer.+1.x.weight", {-1, "encoder.layer.+1.x", "weight"});
}

void work(KeyMap* key_map) {
  for (int layer = 0; layer < 12; ++layer)
    key_map("bert.encoder.layer." + std::to_string(layer) + ".attention.output.LayerNorm.gamma");
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<KeyMap>({.name = "key_map",
                             .check = check_key_map,
                             .mine = mine::key_map,
                             .mistaken = mistakes::key_map,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list,
                             .work = work},
                            argc, argv);
}
