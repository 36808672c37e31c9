#pragma once
// Mutants of any code: one mistake in a statement, a condition or a value, behind a switch, so that
// one build holds many of them. (Schemata: Untch, Offutt & Harrold 1993.)
#include <string>
#include <vector>

#include "tests/mutants/source.h"

// The kinds:
//   comparison  < for <=, > for >=, == for != and the other way round
//   arithmetic  + for -, * for / and the other way round; % becomes *
//   constant    a number plus one, or minus one
//   statement   left out
//   argument    {} in its place: zero, nothing, the default
//   condition   negated; && for || and the other way round
//   swap        two neighbouring arguments exchanged
//   jump        break or continue left out
extern const std::vector<std::string> alteration_kinds;

struct Alteration {
  enum Form { statement, condition, value };

  std::string kind;
  Range at;        // what is replaced ...
  std::string by;  // ... by what
  Range host;      // what is there twice, altered and as it was
  Form form;       // what the host is
};

// All alterations of a file's text, in its order.
std::vector<Alteration> alterations_of(const std::string& text);

struct Switched {
  Alteration alteration;
  int number;
};

// The text with each of these behind cairn_mutant(number). Their hosts do not overlap, they are in
// order, and every line keeps its number.
std::string with_switches(const std::string& text, const std::vector<Switched>& all);
