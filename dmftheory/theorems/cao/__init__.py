"""Cao, Qian, Huang, Chen, Gao, Dong, Guo and Qu, arXiv:2212.14150: the landscape, and the stages of escaping its saddles."""
