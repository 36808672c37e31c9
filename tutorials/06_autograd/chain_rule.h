#pragma once
// The numbers of the page chain_rule.md.
void print_chain_rule();
