/* SPDX-License-Identifier: ISC */
#include "stirling.h"

#define FEW 10

double
slu_stirling(double k)
{
	static const double first[FEW] = { 0.08106146679532726,
		0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
		0.01664469118982119, 0.01387612882307075, 0.01189670994589177,
		0.01041126526197209, 0.009255462182712733,
		0.008330563433362871 };
	double y = k + 1, square = y * y;

	if (k < FEW)
		return first[(int)k];
	return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / y;
}
